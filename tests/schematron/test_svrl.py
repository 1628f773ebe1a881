from einvoice.schematron.svrl import Fired, Kind, parse

REPORT = b"""<svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
  <svrl:active-pattern id="p"/>
  <svrl:fired-rule context="/"/>
  <svrl:failed-assert test="a" id="BR-01" flag="fatal" location="/a[1]">
    <svrl:text>[BR-01]-An <b>Invoice</b> shall</svrl:text>
  </svrl:failed-assert>
  <svrl:successful-report test="b" role="warning" location="/a[1]/@b">
    <svrl:diagnostic-reference diagnostic="d"/><svrl:text>odd</svrl:text>
  </svrl:successful-report>
  <svrl:failed-assert test="c" id="" location=""/>
</svrl:schematron-output>"""


def test_asserts_and_reports_are_listed_in_order():
    assert parse(REPORT) == (
        Fired("BR-01", "fatal", "[BR-01]-An Invoice shall", "/a[1]", Kind.ASSERT),
        Fired(None, "warning", "odd", "/a[1]/@b", Kind.REPORT),
        Fired(None, None, "", "", Kind.ASSERT),
    )


def test_a_report_without_findings_is_empty():
    assert parse(b'<s:schematron-output xmlns:s="http://purl.oclc.org/dsdl/svrl"/>') == ()
