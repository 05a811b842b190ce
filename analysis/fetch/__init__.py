"""Fetching: published event files downloaded, verified and recorded in a ledger, never the same file twice."""
