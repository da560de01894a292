# Every command of the house. The work is in tools/*.sh (POSIX sh) and manage.py.
# `make run` and `make test` install what is missing first.

.PHONY: help install install-test run test check fix bench soak fonts lock clean

PORT ?= 8000
HOST ?= 127.0.0.1

help:
	@echo 'make run      install what is missing, prepare the data, start everything on PORT (8000); Ctrl-C stops it'
	@echo 'make test     the whole test-suite, on SQLite and on a private PostgreSQL and Redis'
	@echo 'make check    style, types, import contracts, missing migrations, templates'
	@echo 'make fix      let ruff put right what it can'
	@echo 'make bench    measurements on both engines, as tables; NAMES=all takes half an hour'
	@echo 'make soak     the long tests (up to 90 minutes)'
	@echo 'make install  system packages, .venv and fonts only'
	@echo 'make fonts    prepare the fonts of the printed documents again'
	@echo 'make lock     compile requirements*.in into requirements*.txt'
	@echo 'make clean    remove what was built (not the data in var/)'

install:
	@sh tools/install.sh run

install-test:
	@sh tools/install.sh test

run: install
	@HOST='$(HOST)' PORT='$(PORT)' sh tools/run.sh

test: install-test
	@sh tools/test.sh

check: install-test
	@sh tools/check.sh

fix: install-test
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: install-test
	@env -u DATABASE_URL -u REDIS_URL .venv/bin/python -m bench $(NAMES)
	@sh tools/with_servers.sh .venv/bin/python -m bench $(NAMES)

soak: install-test
	@env -u DATABASE_URL -u REDIS_URL .venv/bin/python -m pytest -m 'soak and worker'
	@sh tools/with_servers.sh .venv/bin/python -m pytest -m soak

fonts: install
	@.venv/bin/python -m jinchuan.printing.fonts

lock: install
	@sh tools/lock.sh

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
