// SPDX-License-Identifier: Apache-2.0
#include "receive/receive_metrics.h"

#include "service/prometheus_text.h"

namespace socbridge::receive {

std::string receive_prometheus(const ReceiveView& view) {
  using Type = PrometheusText::Type;
  PrometheusText out("socbridge_receive_");
  out.family("requests_total", Type::counter, "Requests with alerts, by result.", "result",
             {{"taken", view.counts.taken},
              {"bad", view.counts.bad},
              {"failed", view.counts.failed},
              {"unauthorised", view.gate.unauthorised},
              {"throttled", view.gate.throttled},
              {"misdirected", view.gate.misdirected},
              {"refused", view.load.refused}});
  out.family("alerts_total", Type::counter, "Alerts in accepted requests, by result.", "result",
             {{"accepted", view.counts.accepted},
              {"filtered", view.counts.filtered},
              {"counted", view.counts.counted}});
  out.family("connections", Type::gauge, "Open connections.", view.load.connections);
  out.family("body_bytes", Type::gauge, "Memory reserved for bodies.", view.load.body_bytes);
  out.family("start_timestamp_seconds", Type::gauge, "Time of the start of this receiver.");
  out.seconds(view.started_ms);
  return out.text();
}

}  // namespace socbridge::receive
