#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""10,000 connections that give nothing: a new client is answered within a second and the server stays small.
Usage: http_flood.py PATH-OF-HTTP_ECHO"""
import http.client
import os
import re
import resource
import socket
import ssl
import sys
import threading
import time
import unittest

import http_framing_lib as lib

ECHO = sys.argv.pop(1)
ATTEMPTS = 10000
# The product's bound is 128 MB for the whole core, of which the server may take this.
RSS_MAX_MB = 80
