"""Any tree that is written out parses back to itself; any text either parses or is refused politely."""

from hypothesis import given
from hypothesis import strategies as st

from fastness.scenario.expressions import Binary, Call, ExpressionError, Node, Number, Text, Truth, Unary, parse, walk

LEAVES = st.one_of(
    st.integers(0, 10**6).map(lambda value: Number(float(value), 0)),
    st.booleans().map(lambda value: Truth(value, 0)),
    st.from_regex(r"[a-z]{1,8}", fullmatch=True).map(lambda value: Text(value, 0)),
)


def _grow(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = st.sampled_from(["or", "and", "<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/"])
    return st.one_of(
        st.builds(lambda operator, left, right: Binary(operator, left, right, 0), operators, children, children),
        st.builds(lambda operator, operand: Unary(operator, operand, 0), st.sampled_from(["not", "-"]), children),
        st.builds(
            lambda name, arguments: Call(name, tuple(arguments), 0),
            st.sampled_from(["holder", "days_of", "other"]),
            st.lists(children, max_size=3),
        ),
    )


TREES = st.recursive(LEAVES, _grow, max_leaves=12)


def written(node: Node) -> str:
    """Write a tree with brackets round every operation."""
    match node:
        case Number(value=value):
            return f"{value:.0f}"
        case Truth(value=truth):
            return "true" if truth else "false"
        case Text(value=text):
            return f'"{text}"'
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(map(written, arguments))})"
        case Unary(operator=operator, operand=operand):
            return f"({operator} {written(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({written(left)} {operator} {written(right)})"


def shape(node: Node) -> list[tuple[object, int]]:
    """Return a tree without its offsets."""
    return [
        (getattr(part, "value", None) or getattr(part, "name", None) or getattr(part, "operator", None), depth)
        for part, depth in walk(node)
    ]


@given(TREES)
def test_a_written_tree_parses_back(tree: Node) -> None:
    text = written(tree)
    if len(text) <= 1000:
        assert shape(parse(text)) == shape(tree)


@given(st.text(alphabet="abdeorntu <>=!+-*/().,\"'_019%\u201c", max_size=60))
def test_any_text_parses_or_is_refused_within_itself(text: str) -> None:
    refusal = None
    try:
        parse(text)
    except ExpressionError as error:
        refusal = error
    assert refusal is None or 0 <= refusal.offset <= len(text)
    assert refusal is None or refusal.code in ("FS120", "FS121", "FS122", "FS123")


@given(st.integers(1, 30))
def test_offsets_point_at_what_was_written(spaces: int) -> None:
    node = parse(" " * spaces + 'open("khawak")')
    assert node.offset == spaces
