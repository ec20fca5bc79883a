"""Every model and every field of the site is told in a download, or left out by somebody's decision."""

from django.apps import apps

from logbook_site.own_data.download_map import ABOUT_NOBODY, NOT_TOLD, TABLES, TOLD


def fields_of(label: str) -> set[str]:
    return {field.name for field in apps.get_model(label)._meta.get_fields() if field.concrete}


def test_every_model_is_in_the_map_once() -> None:
    known = [*TOLD, *NOT_TOLD, *ABOUT_NOBODY]
    assert sorted(known) == sorted(model._meta.label for model in apps.get_models())


def test_every_field_is_told_or_left_out_for_a_reason() -> None:
    for label, tables in TOLD.items():
        fields = fields_of(label)
        for table in tables:
            told, left_out = set(table.columns), set(table.left_out)
            # A sealed text is told by its name.
            told_fields = {f"{name}_sealed" if f"{name}_sealed" in fields else name for name in told}
            missing = fields - told_fields - left_out
            assert not missing, f"{label} in {table.name}: {missing}"
            assert left_out <= fields, (table.name, left_out - fields)
            assert not told & left_out, (table.name, told & left_out)


def test_every_reason_is_a_sentence() -> None:
    reasons = [*NOT_TOLD.values(), *ABOUT_NOBODY.values()]
    for table in TABLES:
        reasons += [table.about, *table.left_out.values()]
    assert [str(reason) for reason in reasons if not str(reason).endswith(".")] == []


def test_files_have_names_that_every_system_takes() -> None:
    names = [table.name for table in TABLES]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)


def test_people_read_a_heading_above_every_column() -> None:
    for table in TABLES:
        if table.sheet is None:
            headings = [str(getattr(column, "heading", column)) for column in table.columns.values()]
            assert all(headings), table.name
            assert len(set(headings)) == len(headings), table.name
