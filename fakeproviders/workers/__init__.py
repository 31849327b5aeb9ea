"""Several processes on one host serve one world, whose state is in Redis.

    supervisor   opens the ports, starts the others, replaces those that die or hang; serves nothing
      desk       control API, panel, sessions' own ports, all that happens by itself   (Desk in desk.py)
      worker     the providers' ports, each caller by one of the workers               (Core in core.py)
      worker ...

Each pair of supervisor and process has a channel; when it ends, the other one is gone.
"""
