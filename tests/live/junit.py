"""Reads JUnit files with junitparser, validates them with Jenkins' schema; prints failures, errors and skipped."""

import os
import sys

import xmlschema
from junitparser import JUnitXml

schema = xmlschema.XMLSchema(os.environ["JUNIT_XSD"])
for path in sys.argv[1:]:
    schema.validate(path)
    cases = [case for suite in JUnitXml.fromfile(path) for case in suite]
    kinds = [type(result).__name__ for case in cases for result in case.result]
    print(kinds.count("Failure"), kinds.count("Error"), kinds.count("Skipped"))
