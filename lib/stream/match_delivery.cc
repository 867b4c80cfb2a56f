// SPDX-License-Identifier: Apache-2.0
#include "stream/match_delivery.h"

#include "json/writer.h"
#include "stream/technique_task.h"

namespace socbridge::stream {
namespace {

constexpr std::size_t kBatch = 50;
constexpr std::int64_t kLongestPauseMs = 60000;

}  // namespace

Status MatchDelivery::store_refused(const std::string& line, const Status& why) {
  const auto file = core_.env.open_append(core_.path("refused.jsonl"), 0600);
  if (!file.ok()) return file.status();
  const std::string match = json::Document::parse(line).ok() ? line : json::quote(line);
  const std::string text =
      "{\"reason\":" + json::quote(why.message()) + ",\"match\":" + match + "}\n";
  if (const Status s = core_.env.write_once(file->get(), text); !s.ok()) return s;
  if (const Status s = core_.env.fsync(file->get()); !s.ok()) return s;
  ++refused_;
  core_.report(event::Refused{why.message(), line});
  return {};
}

Status MatchDelivery::one(StreamDelivery& delivery, const std::string& line) {
  const auto match = StreamMatch::read(line);
  if (!match.ok()) return store_refused(line, match.status());
  const auto notified = [this](const StreamMatch& of, const std::string& observable,
                               const thehive::Subject& subject, std::string_view what) {
    core_.report(event::Notified{std::string(what), subject.text(), observable, of.indicator,
                                 of.state, of.event.text()});
    if (!core_.techniques || !of.active() || of.opencti_id.empty() || what == "withheld") return;
    const std::int64_t due_ms = wall_now_ms() + core_.setup.techniques_after_ms;
    tasks_ +=
        TechniqueTask{of.opencti_id, of.indicator, subject, due_ms, of.markings}.json() + "\n";
  };
  const Status done = delivery.deliver(*match, notified);
  if (done.ok()) refusals_ = 0;
  if (done.ok() || !is_refusal(done) || ++refusals_ < kRefusals) return done;
  refusals_ = 0;
  return store_refused(line, done);
}

// Delivers up to one batch. `progress`: at least one observable of a match is done, whatever the
// result of the rest.
Status MatchDelivery::some(StreamDelivery& delivery, bool& progress) {
  const auto batch = core_.matches->next(kBatch);
  if (!batch.ok()) return batch.status();
  delivery.forget();
  const std::uint64_t before = counts().seen();
  Status done;
  std::size_t notified = 0;
  while (notified < batch->lines.size() && !core_.stopping()) {
    done = one(delivery, batch->lines[notified]);
    {
      const std::lock_guard lock(mutex_);
      counts_ = delivery.counts();
    }
    if (!done.ok()) break;
    ++notified;
  }
  progress = notified > 0 || counts().seen() != before;
  // Written before the match is confirmed; after a crash in between it is reported again, with the
  // result "known".
  if (core_.techniques && !tasks_.empty()) {
    if (const Status kept = core_.techniques->append(tasks_); !kept.ok()) return kept;
    tasks_.clear();
  }
  if (notified > 0 || batch->lines.empty()) {
    const Status kept = core_.matches->confirm(batch->first(notified));
    if (!kept.ok()) return kept;
  }
  return done;
}

void MatchDelivery::run() {
  TheHiveLink link(core_.setup);
  StreamDelivery delivery(link.client, core_.setup.delivery);
  Backoff backoff(core_.setup.reader.shortest_pause_ms, kLongestPauseMs);
  while (!core_.stopping()) {
    // Read before the journal, so that all lines written before the flag was set are seen.
    const auto all_came = [this] { return core_.all_read && core_.all_looked_up; };
    const bool last = all_came();
    if (core_.matches->empty()) {
      if (last) break;
      core_.wait_for_lines(*core_.matches, all_came);
      continue;
    }
    bool progress = false;
    const Status done = some(delivery, progress);
    if (progress || done.ok()) backoff.succeeded();
    if (!done.ok() && !core_.wait_after(event::Outage::Of::thehive, done, backoff)) break;
  }
  core_.raise(core_.all_notified);
}

DeliveryCounts MatchDelivery::counts() const {
  const std::lock_guard lock(mutex_);
  DeliveryCounts out = counts_;
  out.refused = refused_;
  return out;
}

}  // namespace socbridge::stream
