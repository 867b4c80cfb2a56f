#include "enrich/match_courier.h"

#include "json/writer.h"

namespace socbridge::enrich {
namespace {

constexpr std::size_t kBatch = 50;
constexpr std::int64_t kIdleMs = 50, kLongestPauseMs = 60000;
// A proxy's page that stands in for TheHive for a moment looks like a refusal.
constexpr int kRefusals = 3;

bool is_refusal(const Status& status) {
  return status.code() != ExitCode::unreachable && status.code() != ExitCode::auth &&
         status.code() != ExitCode::failure && status.code() != ExitCode::interrupted;
}

}  // namespace

Status MatchCourier::put_aside(const std::string& line, const Status& why) {
  const auto file = core_.env.open_append(core_.path("refused.jsonl"), 0600);
  if (!file.ok()) return file.status();
  const std::string match = line.starts_with('{') ? line : json::quote(line);
  const std::string text =
      "{\"reason\":" + json::quote(why.message()) + ",\"match\":" + match + "}\n";
  if (const Status s = core_.env.write_once(file->get(), text); !s.ok()) return s;
  if (const Status s = core_.env.fsync(file->get()); !s.ok()) return s;
  ++refused_;
  core_.report("refused", "\"reason\":" + json::quote(why.message()) + ",\"match\":" + match);
  return {};
}

Status MatchCourier::one(StreamDelivery& delivery, const std::string& line) {
  const auto match = StreamMatch::read(line);
  if (!match.ok()) return put_aside(line, match.status());
  const auto told = [this](const StreamMatch& of, const std::string& observable,
                           const thehive::Subject& subject, std::string_view what) {
    core_.report("told", "\"what\":" + json::quote(what) +
                             ",\"subject\":" + json::quote(subject.text()) +
                             ",\"observable\":" + json::quote(observable) + ",\"indicator\":" +
                             json::quote(of.indicator) + ",\"state\":" + json::quote(of.state) +
                             ",\"event_id\":" + json::quote(of.event.text()));
  };
  const Status done = delivery.deliver(*match, told);
  if (done.ok()) refusals_ = 0;
  if (done.ok() || !is_refusal(done) || ++refusals_ < kRefusals) return done;
  refusals_ = 0;
  return put_aside(line, done);
}

// What waits, up to a batch. `progress`: a part of it is done, whatever became of the rest.
Status MatchCourier::some(StreamDelivery& delivery, bool& progress) {
  const auto batch = core_.matches->next(kBatch);
  if (!batch.ok()) return batch.status();
  delivery.forget();
  Status done;
  std::size_t told = 0;
  while (told < batch->lines.size() && !core_.stopping()) {
    done = one(delivery, batch->lines[told]);
    {
      const std::lock_guard lock(mutex_);
      counts_ = delivery.counts();
    }
    if (!done.ok()) break;
    ++told;
  }
  progress = told > 0;
  if (progress || batch->lines.empty()) {
    const Status kept = core_.matches->confirm(batch->first(told));
    if (!kept.ok()) return kept;
  }
  return done;
}

void MatchCourier::run() {
  HiveLink link(core_.setup);
  StreamDelivery delivery(link.client, core_.setup.delivery);
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  while (!core_.stopping()) {
    // Looked at before the journal: what is put there before it is set is then seen.
    const bool last = core_.all_read;
    if (core_.matches->empty()) {
      if (last) break;
      core_.nap(kIdleMs);
      continue;
    }
    bool progress = false;
    const Status done = some(delivery, progress);
    if (progress || done.ok()) backoff.succeeded();
    if (!done.ok() && !core_.wait_after("thehive_down", done, backoff)) break;
  }
  core_.all_told = true;
}

DeliveryCounts MatchCourier::counts() const {
  const std::lock_guard lock(mutex_);
  DeliveryCounts out = counts_;
  out.refused = refused_;
  return out;
}

}  // namespace socbridge::enrich
