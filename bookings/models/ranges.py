"""A point as a range, so that a plain GiST index can hold a key next to a period.

`space_id WITH =` would need the extension btree_gist; `int8range(space_id, space_id, '[]') WITH &&`
says the same without one. Migrations import this by its path.
"""

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db.models import Func


class Int8Point(Func):
    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = BigIntegerRangeField()
    arity = 2
