import pytest

from seatrial.azure.periods import iso8601
from seatrial.model import Duration


@pytest.mark.parametrize(
    ("length", "written"),
    [
        ("0 s", "PT0S"),
        ("20 s", "PT20S"),
        ("5 min", "PT5M"),
        ("90 min", "PT1H30M"),
        ("36 h", "P1DT12H"),
        ("14 days", "P14D"),
        ("1500 ms", "PT1S"),
    ],
)
def test_a_length_of_time_is_written_as_azure_reads_it(length: str, written: str) -> None:
    assert iso8601(Duration.parse(length)) == written
