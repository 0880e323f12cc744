# Every target is one call of dev.py, which Windows users call themselves: python dev.py run
PYTHON ?= python3

.PHONY: run test check bench clean setup lock
run test check bench clean setup lock:
	@$(PYTHON) dev.py $@ $(ARGS)
