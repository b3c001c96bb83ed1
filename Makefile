# Every target does the set-up it needs: `make booklet` and `make test` are all that a fresh machine wants.
.DELETE_ON_ERROR:
.PHONY: help booklet all test lint bench pictures wheel browser setup clean

READY := .venv/.ready

# macOS looks for Homebrew's libraries only where it is told to, and forgets what it was told at each system program:
# so the telling stands right before our own.
ifeq ($(shell uname -s),Darwin)
RUN := DYLD_FALLBACK_LIBRARY_PATH="$$(brew --prefix)/lib" .venv/bin/
else
RUN := .venv/bin/
endif

help:
	@echo "make booklet    build output/booklet.pdf"
	@echo "make all        build every PDF into output/"
	@echo "make test       lint, then every test"
	@echo "make lint       ruff alone"
	@echo "make bench      the benchmarks"
	@echo "make pictures   the pictures of the README"
	@echo "make wheel      dist/handouts-*.whl"
	@echo "make browser    a browser for the tests of the preview"
	@echo "make setup      the set-up alone: system libraries, .venv"
	@echo "make clean      remove what was made, except .venv"

booklet: $(READY)
	$(RUN)handouts build booklet

all: $(READY)
	$(RUN)handouts build all

test: lint
	$(RUN)python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(RUN)ruff check .

bench: $(READY)
	$(RUN)python -m benchmarks

pictures: $(READY)
	$(RUN)python tools/pictures.py

wheel: $(READY)
	$(RUN)python -m build --wheel --no-isolation

browser:
	@tools/setup-browser.sh

setup: $(READY)

# The stamp is older than what the set-up reads only when there is something to do.
$(READY): pyproject.toml constraints.txt
	@tools/setup-system.sh
	@tools/setup-venv.sh
	@touch $@

clean:
	rm -rf dist build .cache .pytest_cache .ruff_cache .hypothesis
	find output -mindepth 1 ! -name .gitkeep -delete
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
