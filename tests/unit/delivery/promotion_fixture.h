// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "alert_requests_fixture.h"

namespace socbridge::delivery {

inline http::Outcome key_is_fine() { return test::said(200, kUser); }

inline const std::string kNewAlert = R"({"_id":"~1","_type":"Alert","stage":"New"})";
inline const std::string kCase = R"({"_id":"~9","_type":"Case","number":3})";

// Every alert is promoted, those that agree in the fields `by` into one case.
inline integration::Settings promoting(std::vector<std::string> by = {},
                                       const std::string& version = "5") {
  integration::Settings s;
  s.endpoint = {"http://127.0.0.1:9", Secret("s3cretkey"), ""};
  s.thehive_version = version;
  s.mapping.promote = true;
  s.mapping.promote_by = std::move(by);
  return s;
}

}  // namespace socbridge::delivery
