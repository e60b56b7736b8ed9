# Other names for the commands of run.py; Python alone is enough, see README.md.
.PHONY: demo test bundle lock
demo test bundle lock:
	python3 run.py $@
