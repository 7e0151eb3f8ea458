# PORT=8001 make demo        another port
# make demo PYTHON=python3.12   another interpreter (3.11 or newer)
PYTHON ?= python3
PORT ?= 8000
export PORT
# Where it is set (in many container images), each of the dozens of processes of a run would compile
# Wagtail and everything else anew: ten seconds a start.
unexport PYTHONDONTWRITEBYTECODE

PREPARE = @$(PYTHON) tools/environment.py
RUN = .venv/bin/python

define NEED_CHROMIUM
@command -v $${CHROMIUM:-chromium} >/dev/null || command -v chromium-headless-shell >/dev/null || \
	command -v google-chrome >/dev/null || { \
	echo "Chromium is missing: install it (on Debian: apt-get install chromium) or set CHROMIUM to" \
	"its path. The other tests: make test ARGS='-m \"not browser\"'" >&2; exit 1; }
endef

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-debian check bench bench-races lock messages screenshots

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1	\2/p' Makefile | expand -t 18

demo:  ## the site with example data on http://localhost:8000 (Ctrl-C stops everything)
	$(PREPARE) demo
	@exec $(RUN) -m cms.supervisor

demo-reset:  ## forget the example data; the next 'make demo' starts afresh
	$(PREPARE) demo
	@$(RUN) -m tools.demo_reset

test:  ## all tests, those in the browser too; ARGS="-k hours" for some
	$(if $(ARGS),,$(NEED_CHROMIUM))
	$(PREPARE) dev
	@$(RUN) -m pytest -n 2 --durations=15 $(ARGS)

test-debian:  ## what the database decides, on Debian's PostgreSQL if there is one; ARGS=…
	$(PREPARE) dev
	@$(RUN) -m tools.debian_postgres $(ARGS)

check:  ## format, lint, types, layers, migrations, catalogue, advisories …
	$(PREPARE) dev
	@$(RUN) -m tools.check $(ARGS)

bench:  ## queries, times, bytes, bookings a second: pages, requests, hours, the ledger, as JSON
	$(PREPARE) dev
	@$(RUN) -m bench.first_page
	@$(RUN) -m bench.bookings
	@$(RUN) -m bench.series
	@$(RUN) -m bench.opening_hours
	@$(RUN) -m bench.ledger

bench-races:  ## 100 rounds of each race, 50 writers killed: what came of it, as JSON (takes long)
	$(PREPARE) dev
	@$(RUN) -m bench.races $(ARGS)

lock:  ## renew requirements/*.txt from pyproject.toml; UPGRADE=--upgrade for new versions
	$(PREPARE) dev
	@$(RUN) -m tools.lock $(UPGRADE)

messages:  ## collect texts into locale/ and compile them (needs gettext)
	$(PREPARE) dev
	@$(RUN) -m tools.catalogue update

screenshots:  ## pictures of the pages for docs/bilder (needs Chromium)
	$(PREPARE) dev
	@$(RUN) -m tools.screenshots
