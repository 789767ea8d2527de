"""The change feed: one tailer per watched graph reads the log, a bounded ring feeds its watchers, and who is behind the
ring reads the log itself. Polling is the truth, notifications are hints. Nothing here knows gRPC.
"""
