// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.h"
#include "thehive/client.h"

// What caused a failure: the server, the key, or this request alone.
namespace socbridge::delivery {

// 0: no answer.
int status_of(const http::Outcome& outcome);

// Whether the answer cannot come from TheHive, or the connection was cut during the request: a
// proxy or firewall may reject the content.
bool may_be_content(const thehive::Delivery& delivery);

// Whether it is a server error of TheHive itself, which this alert may cause. 502 to 504, and an
// answer with a Retry-After, concern the server.
bool may_be_this_alert(const thehive::Delivery& delivery);

// Whether only a check of the key shows which of them it is.
inline bool needs_key_check(const thehive::Delivery& delivery) {
  return delivery.verdict == thehive::Verdict::auth || may_be_content(delivery) ||
         may_be_this_alert(delivery);
}

// For an answer that is not TheHive's: whether the same request can never pass.
bool is_refusal(const thehive::Delivery& delivery);

}  // namespace socbridge::delivery
