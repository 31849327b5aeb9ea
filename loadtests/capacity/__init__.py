"""What cores, machines, a Redis and a cluster of them carry: a model with measured inputs.

python -m loadtests.capacity --json bench.json [--sends N] [--cores N] [--sessions N] [--mobiles N]

``make bench`` measures the inputs. The model is arithmetic on them; ``model.ASSUMED`` says what it takes for
granted.
"""
