"""The head of a country-level draft: what is asked of it, its stages, forms and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Commodity, Form, Metadata, Stage, Unit
from supplynet.trade.network import NATION

if TYPE_CHECKING:
    from supplynet.trade.accounts import Made
    from supplynet.trade.concordance import Concordance
    from supplynet.trade.table import TradeTable

ORIGIN, UNEXPLAINED, CONTENT = "production", "unexplained", "t"


def maker_stage(form: str) -> str:
    """Return the stage of those who make a form of the form before."""
    return f"make-{form}"


def unit_of(form: str, grades: Mapping[str, float]) -> str:
    """Return the unit of a form as customs weigh it."""
    return f"t {form}" if grades.get(form, 1.0) < 1.0 else CONTENT


def require_words(
    forms: Sequence[str],
    concordance: Concordance,
    made: Mapping[str, Made],
    yields: Mapping[str, float],
    grades: Mapping[str, float],
) -> None:
    """Refuse forms, yields and grades that make no draft."""
    known = concordance.forms
    for what, named in (("production", made), ("yield", yields), ("grade", grades)):
        for form in named:
            if form not in known:
                raise OptionError(
                    f"the {what} names the form {form!r}; there are {', '.join(known)}",
                    hint=did_you_mean(form, known) or f"write {what} {known[0]}=...",
                )
    for what, shares in (("yield", yields), ("grade", grades)):
        for form, share in shares.items():
            if not 0.0 < share <= 1.0:
                raise OptionError(f"the {what} of {form} is a share above 0, at most 1 ({share})")
    if forms[0] in yields:
        raise OptionError(
            f"the form {forms[0]!r} is the first of the chain: it is made of no other and has no "
            "yield",
            hint="give the yield of a later form",
        )
    if forms[0] not in made:
        raise OptionError(
            f"no production of {forms[0]}, the first form of the chain, is given",
            hint="give it with --production FILE (made=)",
        )
    for form in forms:
        if form in (ORIGIN, UNEXPLAINED, NATION) or form.startswith("make-"):
            raise OptionError(f"a form cannot be called {form!r}, which is a stage")


#: chapters of the Harmonized System for what mines sell: salt, sulphur, earths and stone; ores,
#: slag and ash; mineral fuels
_MINED_CHAPTERS = ("25", "26", "27")
#: first letters of words by which a table of production says at which step it counts
_MINED_WORDS, _MADE_WORDS = ("mine", "mining"), ("refin", "smelt")


def require_fitting_form(made: Made, concordance: Concordance) -> None:
    """Refuse production that a table counts at another step than the form that it would go to.

    What mines bring out is no carbonate: taken for one, it would be a demand that nobody has.

    Raises
    ------
    OptionError
        If the table counts mine production and no code of the form is of a chapter for what mines
        sell, or it counts what smelters and refineries make and all are.
    """
    codes = [meaning.code for meaning in concordance.codes if meaning.form == made.form]
    is_mined = [code.startswith(_MINED_CHAPTERS) for code in codes]
    words = [word for label in made.labels for word in label.casefold().split()]
    if any(word.startswith(_MINED_WORDS) for word in words) and not any(is_mined):
        what, choice = "is no ore", "add the code of its ore to --codes, as the first of the chain"
    elif any(word.startswith(_MADE_WORDS) for word in words) and is_mined and all(is_mined):
        what, choice = "is an ore", "give it to the form that smelters and refineries make"
    else:
        return
    raise OptionError(
        f"{made.name} counts {' and '.join(map(repr, made.labels))}, and {made.form} "
        f"(HS {', '.join(codes)}), the first form of the chain, {what}",
        hint=f"{choice}; or say that it is meant: --production-of {made.form}={made.name}",
    )


def head(
    table: TradeTable,
    concordance: Concordance,
    forms: Sequence[str],
    years: Sequence[int],
    made: Mapping[str, Made],
    grades: Mapping[str, float],
    made_stages: Iterable[str],
    *,
    name: str,
    title: str,
    goods: str,
) -> Metadata:
    """Return the head of the graph, which says that it is a draft.

    `made_stages` are stages of makers that some country has.
    """
    there = set(made_stages)
    codes = ", ".join(f"{meaning.code} ({meaning.form})" for meaning in concordance.codes)
    stages = [
        Stage(name=ORIGIN, title="Production", plural="Production", is_origin=True),
        Stage(
            name=UNEXPLAINED,
            title="Unexplained",
            plural="Unexplained",
            is_origin=True,
            is_unexplained=True,
        ),
    ]
    for form in forms:
        if maker_stage(form) in there:
            what = f"Making of {form}"
            stages.append(Stage(name=maker_stage(form), title=what, plural=what))
        stages.append(Stage(name=form, title=form.capitalize(), plural=form.capitalize()))
    stages.append(
        Stage(name=NATION, title="Nation", plural="Nations", capacity_at="input", is_nation=True)
    )
    units = [Unit(name=CONTENT, measures="oxide", description="tonnes of content")]
    units += [
        Unit(
            name=unit_of(form, grades),
            measures="product",
            product=form,
            description=f"tonnes of {form} as customs weigh them",
        )
        for form in forms
        if unit_of(form, grades) != CONTENT
    ]
    return Metadata(
        name=name,
        title=title or f"Production and trade of {goods} by country (draft)",
        description=(
            f"A draft by country: trade in HS {codes} from customs records, production of "
            f"{', '.join(made)} from national totals. Yields and grades are one figure "
            "for all. What is made and used at home of later forms counts with the form "
            f"before. Whose report counts: {table.options['reconcile']}."
        ),
        licenses=(),
        attribution="the publishers of the records and of the production, under their terms",
        commodity=Commodity(
            family=goods,
            elements=(goods,),
            headline=(goods,),
            stages=tuple(stages),
            forms=tuple(Form(name=form, title=form.capitalize(), is_final=True) for form in forms),
            units=tuple(units),
            first_year=years[0],
            last_year=years[-1],
            base_year=years[-1],
            areas=dict(table.areas),
            production="countries",
        ),
    )
