"""One module per RVZ_ENV: development, test, demo, production. All of them start from base."""
