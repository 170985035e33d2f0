#!/usr/bin/env python3
"""Holds the documents of this package against docs/schemas/.

    scripts/check-schemas.py            the schemas, their examples, Tests/Golden/ and catalog/
    scripts/check-schemas.py FILE...    documents from elsewhere, JSON or one per line

Exit status: 0 all hold, 1 something does not, 66 no such file, 77 the Python package jsonschema is not installed.
"""

import copy
import json
import re
import sys
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry, Resource
except ImportError:
    print("not checked: the Python package jsonschema (4.18 or newer) is not installed")
    sys.exit(77)

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = PACKAGE / "docs" / "schemas"
GOLDEN = PACKAGE / "Tests" / "Golden"
CATALOG = PACKAGE / "catalog"

problems = []


def check(holds, problem):
    if not holds:
        problems.append(problem)


def file_name(schema):
    """The file of a schema by its name; None where the name is none."""
    match = re.fullmatch(r"([a-z-]+)/([0-9]+)", schema if isinstance(schema, str) else "")
    return match and f"{match[1]}-{match[2]}.schema.json"


schemas = {file.name: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.schema.json"))}
registry = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in schemas.items()
)


def validator(name):
    return Draft202012Validator({"$ref": name}, registry=registry)


def first_error(name, document):
    for error in validator(name).iter_errors(document):
        return f"{error.json_path}: {error.message[:300]}"
    return None


def is_accepted(name, document):
    return validator(name).is_valid(document)


def resolve(schema, name):
    """Follows references; the second value is the file that the result stands in."""
    while "$ref" in schema:
        target = schema["$ref"]
        if target.startswith("#/$defs/"):
            schema = schemas[name]["$defs"][target[len("#/$defs/"):]]
        else:
            name, _, definition = target.partition("#/$defs/")
            schema = schemas[name]["$defs"][definition] if definition else schemas[name]
    return schema, name


def required_members(document, schema, name, path=()):
    """The place of every member that the schema asks for and the document has."""
    schema, name = resolve(schema, name)
    if isinstance(document, dict):
        for member in schema.get("required", []):
            if member in document:
                yield path + (member,)
        for member, inner in schema.get("properties", {}).items():
            if member in document:
                yield from required_members(document[member], inner, name, path + (member,))
    elif isinstance(document, list) and isinstance(schema.get("items"), dict):
        for index, element in enumerate(document):
            yield from required_members(element, schema["items"], name, path + (index,))


def shortened(document):
    """The catalog's files have hundreds of entries alike: taking members away from two of each list is enough."""
    return {key: value[:2] if isinstance(value, list) else value for key, value in document.items()}


def without(document, path):
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return changed


def check_rejections(where, name, document):
    """A schema that accepts everything would pass for a good one."""
    schema = schemas[name]
    paths = list(required_members(document, schema, name))
    if "error" not in document:
        paths += [(member,) for member in schema.get("then", {}).get("required", []) if member in document]
    for path in paths:
        place = ".".join(str(step) for step in path)
        check(not is_accepted(name, without(document, path)), f"{where}: accepted without {place}")
    check(not is_accepted(name, {**document, "schema": "other/1"}), f"{where}: accepted with another schema's name")
    later = {**document, "a member of a later program": True}
    is_closed = schema.get("additionalProperties") is False
    check(is_accepted(name, later) != is_closed, f"{where}: a later member is {'accepted' if is_closed else 'refused'}")
    return len(paths)


def documents(file):
    """Each document of a file, with its place."""
    text = file.read_text("utf-8")
    if file.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{file.name}, line {number}", json.loads(line)
        return
    document = json.loads(text)
    yield file.name, document


def check_file(file, seen):
    """Validates the documents of a file; yields those that hold."""
    try:
        found = list(documents(file))
    except ValueError as error:
        check(False, f"{file}: not JSON: {error}")
        return
    for where, document in found:
        name = file_name(document.get("schema") if isinstance(document, dict) else None)
        if name not in schemas:
            check(False, f"{where}: expected a document with a schema of {FOLDER.name}/, found {name or 'none'}")
            continue
        seen.add(name)
        error = first_error(name, document)
        check(error is None, f"{where}: {error}")
        if error is None:
            yield where, name, document


def check_package():
    """All schemas, their examples and the recorded documents."""
    seen, removed, held = set(), 0, 0
    for name, schema in schemas.items():
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            check(False, f"{name}: not a schema: {error.json_path}: {error.message[:300]}")
            return ""
        own = schema.get("properties", {}).get("schema", {}).get("const")
        check(file_name(own) == name and schema.get("title") == own, f"{name}: is the schema of {own}")
    for file in sorted([*GOLDEN.glob("*.json"), *GOLDEN.glob("*.jsonl")]):
        for where, name, document in check_file(file, seen):
            removed += check_rejections(where, name, document)
            held += 1
    for file in sorted(CATALOG.glob("*.json")):
        for where, name, document in check_file(file, seen):
            removed += check_rejections(where, name, shortened(document))
            held += 1
    for name, schema in schemas.items():
        for index, example in enumerate(schema.get("examples", [])):
            seen.add(name)
            error = first_error(name, example)
            check(error is None, f"{name}, example {index}: {error}")
            if error is None:
                removed += check_rejections(f"{name}, example {index}", name, example)
                held += 1
    for name in schemas:
        check(name in seen, f"{name}: no golden file and no example shows it")
    listed = set(re.findall(r"[a-z-]+-[0-9]+\.schema\.json", (FOLDER / "README.md").read_text("utf-8")))
    check(listed == set(schemas), f"README.md and the folder differ in {sorted(listed ^ set(schemas))}")
    return f"{len(schemas)} schemas, {held} documents, {removed} times a required member removed"


def main(arguments):
    if arguments:
        held = 0
        for argument in arguments:
            if not Path(argument).is_file():
                print(f"{argument}: no such file", file=sys.stderr)
                return 66
            held += sum(1 for _ in check_file(Path(argument), set()))
        summary = f"{held} documents hold"
    else:
        summary = check_package()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    print(summary)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
