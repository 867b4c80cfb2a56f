// SPDX-License-Identifier: Apache-2.0
#include "metrics/statistics_lead.h"

#include <algorithm>

namespace socbridge::metrics {

bool has_several(const std::vector<wazuh::NodeLoad>& loads) {
  return loads.size() > 1 || (loads.size() == 1 && loads.front().in_cluster);
}

void StatisticsLead::poll(const std::vector<wazuh::NodeLoad>* loads, UnixMillis now_ms) {
  if (loads != nullptr && has_several(*loads)) {
    led_ms_ = now_ms;
    assumed_ = false;
  } else if (loads != nullptr && (!loads->empty() || once_) && (!led_ms_ || assumed_)) {
    led_ms_ = 0;
    assumed_ = false;
  } else if (!led_ms_) {
    led_ms_ = now_ms;
    assumed_ = true;
  }
  led_ms_ = std::min(*led_ms_, now_ms);  // the clock was set back
  holds_ = now_ms - *led_ms_ < kHoldMs;
}

void StatisticsLead::save(json::Writer& w) const {
  w.begin_object();
  if (led_ms_) w.member("led_ms", *led_ms_);
  if (assumed_) w.member("assumed", true);
  w.end_object();
}

void StatisticsLead::load(json::Value saved) {
  const auto led = saved["led_ms"].integer();
  if (!led || *led < 0) return;
  led_ms_ = *led;
  assumed_ = saved["assumed"].boolean().value_or(false);
}

}  // namespace socbridge::metrics
