# Everything here is done by tools/, which needs nothing but Python 3.11 or newer.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TOOLS = @$(or $(PYTHON),python3) -m tools

.PHONY: help run serve dev setup test test-quick check format bench types lock screenshots

help: ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 20

run: ## the app with the sample cohort on http://127.0.0.1:8000 (PORT=… for another)
	$(TOOLS) run

serve: ## the app for real: no sample data, settings from the environment
	$(TOOLS) serve

dev: ## both sides while you change them: hot reload on http://127.0.0.1:5173 (PORT=… for another)
	$(TOOLS) dev

setup: ## all that running needs; nothing to do the second time
	$(TOOLS) setup

test: ## every check and every test, on both databases and in a browser (ARGS=path for one)
	$(TOOLS) test $(ARGS)

test-quick: ## the quick ones: the phone's tests, and the server's on SQLite without a browser
	$(TOOLS) test-quick $(ARGS)

check: ## format, lint and types
	$(TOOLS) check

format: ## put the Python and the phone's code in order
	$(TOOLS) format

bench: ## measure, and write docs/performance.md
	$(TOOLS) bench $(ARGS)

types: ## backend/openapi.json and the phone's types from it
	$(TOOLS) types

lock: ## renew the locked versions (ARGS=--upgrade for newer ones)
	$(TOOLS) lock $(ARGS)

screenshots: ## take the README's pictures again
	$(TOOLS) screenshots
