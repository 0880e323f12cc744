# Every target is one call of dev.py, which Windows users call themselves: python dev.py run
PYTHON ?= python3

.PHONY: run test lint check prove bench sim clean setup lock guide browser-part bundle bare
run test lint check prove bench clean setup lock guide browser-part bundle bare:
	@$(PYTHON) dev.py $@ $(ARGS)

# one seed's story, twice: make sim SEED=7; without a seed a thousand of them
sim:
	@$(PYTHON) dev.py sim $(SEED) $(ARGS)
