"""How the bytes of a document are to be read: one format by name, with its options."""

from __future__ import annotations

import codecs
import re
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from targetwatch.model.problem import Problem


def check_jmespath(path: str) -> str:
    """Return an expression that JMESPath can read, or raise ValueError with what is wrong with it."""
    try:
        jmespath.compile(path)
    except JMESPathError as error:
        why = str(error).splitlines()[0]
        raise ValueError(Problem("not_jmespath", {"given": path, "why": why})) from error
    return path


def _known_charset(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ValueError(Problem("encoding_unknown", {"given": name})) from error
    return name


def _page_numbers(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,4}(-[1-9]\d{0,4})?(,\s*[1-9]\d{0,4}(-[1-9]\d{0,4})?)*", text):
        raise ValueError(Problem("not_page_numbers", {"given": text}))
    return text


JmesPath = Annotated[str, AfterValidator(check_jmespath)]


class FormatOptions(BaseModel):
    """The options of one format: an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True)

    member: str | None = Field(default=None, description="which file of an archive, such as *.csv")


class TextOptions(FormatOptions):
    """The options of a format that is text."""

    charset: Annotated[str, AfterValidator(_known_charset)] | None = Field(
        default=None, description="how it is written, where neither the document nor its sender says so rightly"
    )


class TextTableOptions(TextOptions):
    """How a text of cells is read."""

    delimiter: str | None = Field(
        default=None, min_length=1, max_length=1, description="what parts the cells; found out where not said"
    )


class WorkbookOptions(FormatOptions):
    """How a spreadsheet is read: XLSX, XLSB, XLS or ODS."""

    sheet: str | None = Field(default=None, description="the one sheet to read; where not said, every visible one")


class XmlOptions(TextOptions):
    """How elements become rows."""

    rows: str | None = Field(default=None, description="XPath of the elements that are rows; the repeated ones if none")
    fields: dict[str, str] = Field(default={}, description="column: its XPath within a row; all that it holds if none")


class JsonOptions(TextOptions):
    """How an answer in JSON becomes rows."""

    rows: JmesPath | None = Field(default=None, description="JMESPath of the list of rows; the only list if none")
    fields: dict[str, JmesPath] = Field(default={}, description="column: its JMESPath within a row; all if none")


class JsonStatOptions(TextOptions):
    """Which data set of a JSON-stat answer is read."""

    dataset: str | None = Field(default=None, description="the name of the data set, where there are several")


class PdfOptions(FormatOptions):
    """Which pages of a PDF are read."""

    pages: Annotated[str, AfterValidator(_page_numbers)] | None = Field(
        default=None, description="the pages to read, such as 1 or 2-4; all if none"
    )


class Decode(BaseModel):
    """What a document is: `csv`, or `{csv: {delimiter: ";"}}`; exactly one format."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    csv: TextTableOptions | None = Field(default=None, description="a text of cells")
    workbook: WorkbookOptions | None = Field(default=None, description="a spreadsheet: XLSX, XLSB, XLS or ODS")
    html: TextOptions | None = Field(default=None, description="the tables of a page, and its text by line")
    xml: XmlOptions | None = Field(default=None, description="elements as rows")
    json_: JsonOptions | None = Field(default=None, alias="json", description="an answer in JSON")
    jsonstat: JsonStatOptions | None = Field(default=None, description="an answer in JSON-stat, 1.x or 2.0")
    sdmx: TextOptions | None = Field(default=None, description="an answer in SDMX-ML or SDMX-JSON")
    pdf: PdfOptions | None = Field(default=None, description="the text of a PDF by line")
    article: TextOptions | None = Field(default=None, description="the text of an article, without what surrounds it")

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, said: object) -> object:
        if isinstance(said, str):
            if said not in FORMATS:
                raise ValueError(Problem("not_one_format", {"names": sorted(FORMATS)}))
            return {said: {}}
        return (
            {name: {} if value is None else value for name, value in said.items()} if isinstance(said, dict) else said
        )

    @model_validator(mode="after")
    def _one_format(self) -> Decode:
        if len(self.model_fields_set) != 1:
            raise ValueError(Problem("not_one_format", {"names": sorted(FORMATS)}))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the mapping or of one word."""
        return {"anyOf": [{"enum": sorted(FORMATS)}, {**handler(schema), "minProperties": 1, "maxProperties": 1}]}

    @property
    def format(self) -> str:
        """Return the name of the format."""
        ((name, _),) = self.model_dump(by_alias=True, exclude_unset=True).items()
        return name

    @property
    def options(self) -> Any:  # noqa: ANN401 - those of whichever format it is
        """Return the options of that format."""
        return next(value for name, value in self if name in self.model_fields_set)


FORMATS = frozenset(field.alias or name for name, field in Decode.model_fields.items())
