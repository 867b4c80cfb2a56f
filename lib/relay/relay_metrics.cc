#include "relay/relay_metrics.h"

#include "base/exposition.h"

namespace socbridge::relay {
namespace {

using Type = Exposition::Type;

void write_times(Exposition& out, const DeliveryTimes::Counts& times) {
  out.family("delivery_seconds", Type::histogram,
             "Time from accepted to in TheHive, of the alerts that this relay delivered.");
  for (std::size_t i = 0; i < DeliveryTimes::kBounds.size(); ++i) {
    out.sample(times.up_to.at(i), {{"le", DeliveryTimes::kBounds.at(i).seconds}}, "_bucket");
  }
  out.sample(times.up_to.back(), {{"le", "+Inf"}}, "_bucket");
  out.seconds(times.sum_ms, {}, "_sum");
  out.sample(times.up_to.back(), {}, "_count");
}

}  // namespace

std::string relay_prometheus(const RelayView& view, UnixMillis now_ms) {
  Exposition out("socbridge_relay_");
  out.family("alerts_total", Type::counter,
             "What became of alerts; postponed ones are counted with each try.");
  out.sample(view.counts.delivered, {{"fate", "delivered"}});
  out.sample(view.counts.filtered, {{"fate", "filtered"}});
  out.sample(view.counts.postponed, {{"fate", "postponed"}});
  out.sample(view.counts.dead, {{"fate", "dead"}});
  out.sample(view.counts.corrupt, {{"fate", "corrupt"}});
  write_times(out, view.times);
  out.family("in_flight", Type::gauge, "Alerts under way.");
  out.sample(view.in_flight);
  out.family("waiting", Type::gauge, "Alerts that wait, due or not.");
  out.sample(view.waiting);
  out.family("left_alone", Type::gauge, "Destinations that are left alone for now, by reason.");
  out.sample(view.key_refused, {{"why", "key_refused"}});
  out.sample(view.not_answering, {{"why", "not_answering"}});
  out.family("start_timestamp_seconds", Type::gauge, "When this relay started.");
  out.seconds(view.started_ms);
  out.family("written_timestamp_seconds", Type::gauge, "When this file was written.");
  out.seconds(now_ms);
  return out.text();
}

}  // namespace socbridge::relay
