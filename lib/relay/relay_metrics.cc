// SPDX-License-Identifier: Apache-2.0
#include "relay/relay_metrics.h"

#include "service/prometheus_text.h"

namespace socbridge::relay {
namespace {

using Type = PrometheusText::Type;

void write_times(PrometheusText& out, const DeliveryTimes::Counts& times) {
  out.family("delivery_seconds", Type::histogram,
             "Time from acceptance to TheHive, for alerts that this relay delivered.");
  for (std::size_t i = 0; i < DeliveryTimes::kBounds.size(); ++i) {
    out.sample(times.up_to.at(i), {{"le", DeliveryTimes::kBounds.at(i).seconds}}, "_bucket");
  }
  out.sample(times.up_to.back(), {{"le", "+Inf"}}, "_bucket");
  out.seconds(times.sum_ms, {}, "_sum");
  out.sample(times.up_to.back(), {}, "_count");
}

}  // namespace

std::string relay_prometheus(const RelayView& view, UnixMillis now_ms) {
  PrometheusText out("socbridge_relay_");
  out.family("alerts_total", Type::counter,
             "Results of alerts; postponed ones are counted at each attempt.", "result",
             {{"delivered", view.counts.delivered},
              {"filtered", view.counts.filtered},
              {"postponed", view.counts.postponed},
              {"dead", view.counts.dead},
              {"corrupt", view.counts.corrupt}});
  write_times(out, view.times);
  out.family("in_flight", Type::gauge, "Alerts with a request in flight.", view.in_flight);
  out.family("waiting", Type::gauge, "Alerts that wait, due or not.", view.waiting);
  out.family("held_by_others", Type::gauge,
             "Alerts that other processes have held for over a minute.", view.held);
  out.family("spool_errors_total", Type::counter,
             "System calls on the spool that failed; the log names each cause.", view.spool_errors);
  out.family("destinations_blocked", Type::gauge, "Destinations that are blocked, by reason.",
             "reason", {{"key_refused", view.key_refused}, {"not_answering", view.not_answering}});
  out.family("start_timestamp_seconds", Type::gauge, "When this relay started.");
  out.seconds(view.started_ms);
  out.family("last_update_timestamp_seconds", Type::gauge, "When this file was written.");
  out.seconds(now_ms);
  return out.text();
}

}  // namespace socbridge::relay
