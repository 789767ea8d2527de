"""The proof of the promises: traffic under faults is recorded, and the record is checked against a model."""
