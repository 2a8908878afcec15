"""One partner's run of a kit version: when each touch is due, in whose name, with which values.

A launch keeps wall time and zone; the instant is worked out when it is about to matter. `sending` reads a launch
through `service.touch_plan` and reports back through `service.touch_fanned_out` and `service.touch_finished`.
"""
