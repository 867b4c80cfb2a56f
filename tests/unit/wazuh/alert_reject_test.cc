// SPDX-License-Identifier: Apache-2.0
#include "test_support.h"

using socbridge::wazuh::classify_not_alert;
using socbridge::wazuh::NotAlert;

TEST_CASE("not an alert: empty") {
  CHECK(classify_not_alert("") == NotAlert::empty);
  CHECK(classify_not_alert(" \r\n\t") == NotAlert::empty);
  CHECK(classify_not_alert("\xEF\xBB\xBF\n") == NotAlert::empty);
}

TEST_CASE("not an alert: integratord's text format") {
  CHECK(classify_not_alert(
            "alertdate='2025 Mar 14'\nalertlocation='/var/log/auth.log'\nruleid='5710'\n"
            "alertlevel='5'\nruledescription='sshd'\nalertlog='{\"a\":1}'\nsrcip='192.0.2.1'\n") ==
        NotAlert::text_format);
  CHECK(classify_not_alert("alertdate='x'\r\nruleid='1'\r\n") == NotAlert::text_format);
  CHECK(classify_not_alert("it's = 'not' that") != NotAlert::text_format);
}

TEST_CASE("not an alert: no JSON, or JSON that is not an object") {
  CHECK(classify_not_alert("hello") == NotAlert::not_json);
  CHECK(classify_not_alert("[1,2,3]") == NotAlert::not_object);
  CHECK(classify_not_alert("[{\"id\":\"1.2\"}]") == NotAlert::not_object);
}

TEST_CASE("not an alert: an object is one") {
  CHECK(classify_not_alert("{}") == std::nullopt);
  CHECK(classify_not_alert("\xEF\xBB\xBF {\"rule\":{}}\n") == std::nullopt);
}
