#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scenarios start real daemons; see tests/README.md."""
