"""Settings: `dev` runs on one machine with nothing else, `production` on a server, `test` in the tests."""
