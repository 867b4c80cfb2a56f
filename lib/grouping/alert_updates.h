// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "grouping/grouped_alert.h"

namespace socbridge::grouping {

// Requests that add observables to an alert, and to its case if `case_id` is not empty. Values that
// share all other members go into one request. A refused one is retried as `other`.
std::vector<AlertUpdate> observable_requests(const std::string& alert_id,
                                             const std::string& case_id,
                                             const std::vector<thehive::Observable>& observables,
                                             thehive::ApiVersion version);

// PATCH of an alert; `body` is the JSON of the changed fields.
AlertUpdate patch_request(const std::string& alert_id, std::string body);

}  // namespace socbridge::grouping
