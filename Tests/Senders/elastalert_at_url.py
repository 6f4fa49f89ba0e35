"""ElastAlert2 with the one edit that its hard-coded address makes necessary: PagerDuty's two URLs become another.

    elastalert_at_url.py URL ARGUMENT...      the arguments are those of `elastalert`
"""

import sys

from elastalert import elastalert
from elastalert.alerters.pagerduty import PagerDutyAlerter

url = sys.argv.pop(1)
prepare = PagerDutyAlerter.__init__


def prepare_for_url(self, rule):
    prepare(self, rule)
    self.url = url


PagerDutyAlerter.__init__ = prepare_for_url
sys.exit(elastalert.main())
