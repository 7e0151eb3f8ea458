"""People who do something with a divisible hall, in any order, and the laws that hold all the time."""
