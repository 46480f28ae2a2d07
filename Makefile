# Everything a checkout needs is Node (20.19 or newer) and make. `make` lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

INSTALLED := node_modules/.lastro-installed
MOCHA := node_modules/.bin/mocha
# Read by any Node, however old.
NODE_CHECK := var v = process.versions.node.split("."); process.exit(v[0] > 20 || (v[0] == 20 && v[1] >= 19) ? 0 : 1)
SIDES := {adapters,cli,command-api,embedded,projections,query-api,shared,test}

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: node-is-new-enough
node-is-new-enough:
	@command -v node >/dev/null || { echo 'Node is missing: install Node 20.19 or newer'; exit 1; }
	@node -e '$(NODE_CHECK)' || { echo "Node $$(node --version) is too old: install Node 20.19 or newer"; exit 1; }

$(INSTALLED): package.json package-lock.json | node-is-new-enough
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: install
install: $(INSTALLED) ## install what is missing

.PHONY: run
run: $(INSTALLED) ## start everything, with embedded servers where none are configured
	@exec node cli/lastro.mjs run

.PHONY: demo
demo: $(INSTALLED) ## make the demo companies and accounts on a running installation
	@node cli/lastro.mjs demo

.PHONY: status
status: $(INSTALLED) ## how far views, reactions and effects have got
	@node cli/lastro.mjs status

.PHONY: replay
replay: $(INSTALLED) ## make a read model anew from the log: make replay VIEW=activations
	@node cli/lastro.mjs replay $(if $(VIEW),$(VIEW),--all)

.PHONY: test
test: $(INSTALLED) ## run every spec, on servers started for it
	@$(MOCHA) --timeout 20000 --ignore '**/*.int.spec.ts' --ignore '**/*.e2e.spec.ts' '$(SIDES)/**/*.spec.ts'
	@node test/side-by-side.mjs 3 $(MOCHA) --timeout 120000 '$(SIDES)/**/*.int.spec.ts'
	@node test/side-by-side.mjs 2 $(MOCHA) --timeout 120000 'test/e2e/**/*.e2e.spec.ts'

.PHONY: check
check: format types lint arch ## formatting, types, lint and who may import whom

.PHONY: format types lint arch
format types lint arch: $(INSTALLED)
	@npm run --silent --loglevel=error $@

.PHONY: contracts
contracts: $(INSTALLED) ## write docs/events.json anew: look at the difference
	@$(MOCHA) --timeout 60000 --write-contracts test/contracts.spec.ts

.PHONY: conformance
conformance: $(INSTALLED) ## what we rely on of an event store, against EVENTSTORE_URL or the embedded one
	@$(MOCHA) --timeout 60000 'embedded/eventstore/conformance/*.int.spec.ts' adapters/eventstoredb/event-store.int.spec.ts

# Each as harsh as production may be, in one way; and then in several at once.
SWITCHES := --max-append-size=262144 --write-timeout=500 --max-concurrent-streams=20 --id-cache=volatile \
  --chaos=unavailable --chaos=not-leader --chaos=drop-subscriptions --chaos=late-batch-reply \
  --chaos=unavailable,drop-subscriptions,not-leader
# What the log is to the product: appends and subscriptions, commands, views, reactions and what
# is done of them; and a journey through all processes.
SWITCHED := adapters/eventstoredb/event-store.int.spec.ts cli/accounts.int.spec.ts \
  cli/replay.int.spec.ts projections/killed.int.spec.ts test/sales/killed-between-steps.int.spec.ts \
  cli/operators.int.spec.ts test/e2e/first-activation.e2e.spec.ts

.PHONY: chaos
chaos: $(INSTALLED) ## the product's specs on an event store that is as harsh as production, switch by switch
	@for switch in $(SWITCHES); do echo "# $$switch"; \
	  EMBEDDED_EVENTSTORE_SWITCHES=$$switch $(MOCHA) --timeout 120000 --reporter dot $(SWITCHED) || exit; done

.PHONY: kills
kills: $(INSTALLED) ## kill the event store under load, KILLS times (300), and look for what it acknowledged
	@$(MOCHA) --timeout 120000 --kills=$(or $(KILLS),300) embedded/eventstore/crash.int.spec.ts

.PHONY: slice
slice: SLICE = $(addsuffix /$(NAME),shared command-api projections query-api)
slice: $(INSTALLED) ## begin a capability: make slice NAME=voucher
	@node cli/lastro.mjs slice "$(NAME)"
	@node_modules/.bin/prettier --write --log-level warn shared/ids.ts $(SLICE)

.PHONY: clean
clean: ## remove what was installed and kept, data included
	rm -rf node_modules .lastro
