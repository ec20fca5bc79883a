"""The changes: mutmut's, and a few of our own. One change makes one mutant.

Not changed: annotations, docstrings, words on screen, lines of the log, and what an exception says to us.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

WORDS_ON_SCREEN = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
# Comparisons of Django's queries.
LOOKUPS = {"gt": "gte", "gte": "gt", "lt": "lte", "lte": "lt"}
MOST_LETTERS = 70


class Mutant(NamedTuple):
    file: str
    line: int
    # The function or method whose body is changed; empty for what takes effect as the file is read.
    function: str
    before: str
    after: str
    number: int  # tells apart what reads the same
    module: cst.Module
    span: CodeSpan  # of the node, in bytes
    node: cst.CSTNode
    changed: cst.CSTNode

    @property
    def key(self) -> str:
        """The same as long as the function is not changed much; lines move."""
        return f"{self.file}|{self.function}|{self.before}|{self.after}|{self.number}"

    def source(self) -> str:
        """The file with this change."""
        if not isinstance(self.node, cst.BaseExpression):  # lines move in with what is around them
            return self.module.deep_replace(self.node, self.changed).code
        text, begin, end = self.module.bytes, self.span.start, self.span.start + self.span.length
        return (text[:begin] + self.module.code_for_node(self.changed).encode() + text[end:]).decode()


def mutants_of(file: str) -> list[Mutant]:
    """All mutants of one file, from its first line to its last."""
    wrapper = MetadataWrapper(cst.parse_module(Path(file).read_text()))
    module, places = wrapper.module, wrapper.resolve(PositionProvider)
    spans = wrapper.resolve(ByteSpanPositionProvider)
    seen: Counter[tuple] = Counter()
    made = []
    for node, changed, function in _changes(module, "", ""):
        before, after = (_short(module, piece) for piece in (node, changed))
        seen[function, before, after] += 1
        number, line = seen[function, before, after], places[node].start.line
        made.append(Mutant(file, line, function, before, after, number, module, spans[node], node, changed))
    return made


def _changes(node: cst.CSTNode, scope: str, function: str) -> Iterator[tuple[cst.CSTNode, cst.CSTNode, str]]:
    """(node, what takes its place, the function it is in), for the node and all below it."""
    if _is_left_alone(node):
        return
    for changed in _changed(node):
        yield node, changed, function
    if isinstance(node, cst.Raise):
        return  # what it says
    inner = f"{scope}{node.name.value}" if isinstance(node, cst.ClassDef | cst.FunctionDef) else ""
    for child in node.children:
        is_body = isinstance(node, cst.FunctionDef) and child is node.body
        yield from _changes(
            child,
            f"{inner}." if isinstance(node, cst.ClassDef) else scope,
            function or (inner if is_body else ""),
        )


def _changed(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            changes = list(operator(node))
            yield from changes[:1] if operator is operator_string else changes
    if isinstance(node, cst.Arg) and node.keyword:
        name, _mark, lookup = node.keyword.value.rpartition("__")
        if lookup in LOOKUPS:
            yield node.with_changes(keyword=cst.Name(f"{name}__{LOOKUPS[lookup]}"))
    if isinstance(node, cst.Expr | cst.Raise):
        yield cst.Pass()
    elif isinstance(node, cst.Return) and node.value and not m.matches(node.value, m.Name("None")):
        yield node.with_changes(value=None)
    elif isinstance(node, cst.If) and not isinstance(node.test, cst.UnaryOperation):
        parentheses = {"lpar": [cst.LeftParen()], "rpar": [cst.RightParen()]}
        test = node.test.with_changes(**parentheses)
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))
    elif isinstance(node, cst.FunctionDef):
        for decorator in node.decorators:
            yield node.with_changes(decorators=[one for one in node.decorators if one is not decorator])


def _is_left_alone(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom | cst.Decorator):
        return True
    if isinstance(node, cst.Expr):
        return isinstance(node.value, cst.BaseString) or _called(node.value).startswith("log.")
    if isinstance(node, cst.Call):
        return _called(node) in {*WORDS_ON_SCREEN, "logging.getLogger"}
    return False


def _called(node: cst.CSTNode) -> str:
    """The name of what is called, with what stands before its dot."""
    if not isinstance(node, cst.Call):
        return ""
    if isinstance(node.func, cst.Attribute) and isinstance(node.func.value, cst.Name):
        return f"{node.func.value.value}.{node.func.attr.value}"
    return node.func.value if isinstance(node.func, cst.Name) else ""


def _short(module: cst.Module, node: cst.CSTNode) -> str:
    words = " ".join(module.code_for_node(node).split())
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 1] + "…"
