// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.h"
#include "thehive/client.h"

// What a failure may be about: the server, the key, or this request alone.
namespace socbridge::delivery {

// 0: no answer.
int status_of(const http::Outcome& outcome);

// An answer that cannot come from TheHive, or the connection was cut during the request: perhaps a
// proxy or firewall that rejects the content.
bool may_be_content(const thehive::Delivery& delivery);

// A server error of TheHive's own: perhaps this alert is its cause. 502 to 504 and an answer that
// names a time to wait are about the server.
bool may_be_this_alert(const thehive::Delivery& delivery);

// Whether only a check of the key shows which of them it is.
inline bool needs_key_check(const thehive::Delivery& delivery) {
  return delivery.verdict == thehive::Verdict::auth || may_be_content(delivery) ||
         may_be_this_alert(delivery);
}

// Of an answer that is not TheHive's: the same request will never pass.
bool is_refusal(const thehive::Delivery& delivery);

}  // namespace socbridge::delivery
