// SPDX-License-Identifier: Apache-2.0
#include "receive/receiver.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "grouping/rate_cap.h"
#include "json/writer.h"
#include "mapping/mapping.h"
#include "receive/body_reader.h"
#include "receive/gate.h"

namespace socbridge::receive {

Receiver::Receiver(spool::Spool& spool, integration::SettingsLookup& settings, relay::EventLog& log,
                   BodyFormats formats, std::string integration)
    : spool_(spool),
      settings_(settings),
      log_(log),
      formats_(std::move(formats)),
      integration_(std::move(integration)) {}

namespace {

// Summaries of the rate cap are created only here; no sender may send one.
Result<wazuh::Alert> read_alert(std::string_view text) {
  auto alert = wazuh::Alert::parse(text);
  if (alert.ok() && alert->root()["socbridge"]) {
    return Status::error(ExitCode::bad_input, "the member \"socbridge\" is not allowed");
  }
  return alert;
}

}  // namespace

Result<Receiver::End> Receiver::pass(const spool::Entry& entry, const wazuh::Alert& alert,
                                     const integration::Settings& settings) const {
  if (!mapping::skip_reason(alert, settings.mapping).empty()) return End::filtered;
  if (settings.mapping.rate_cap.by.empty()) return End::accepted;
  const auto over = grouping::over_cap(spool_.env(), spool_, settings, alert, entry);
  if (!over.ok()) {
    log_.note(relay::Level::warning, "rate_cap",
              "the rate cap cannot count: " + over.status().line(), steady_now_ms());
    return End::accepted;
  }
  return *over ? End::counted : End::accepted;
}

// Without usable settings the alert is stored, and waits until they are corrected.
Result<Receiver::End> Receiver::store(std::string text, const wazuh::Alert& alert) {
  spool::Entry entry;
  entry.integration = integration_;
  entry.accepted_ms = wall_now_ms();
  entry.alert = std::move(text);
  const auto settings = settings_.for_intake(entry);
  std::vector<std::string> destinations = {spool::kUndecided};
  if (settings.ok()) {
    const auto end = pass(entry, alert, **settings);
    if (end.ok() && *end != End::accepted) {
      using spool::Counted;
      spool_.counts().add(*end == End::filtered ? Counted::filtered : Counted::capped);
    }
    if (!end.ok() || *end != End::accepted) return end;
    mapping::Destinations chosen = mapping::destinations_of(alert, (*settings)->mapping);
    for (const std::string& unknown : chosen.unknown) {
      log_.note(relay::Level::warning, "destination", unknown, steady_now_ms());
    }
    destinations = std::move(chosen.names);
  }
  const spool::Bounds bounds = settings.ok() ? (*settings)->bounds : spool::Bounds();
  if (Status room =
          spool_.admit(entry.alert.size(), bounds, entry.accepted_ms, destinations.size());
      !room.ok()) {
    return room;
  }
  // The claims end here, so that the relay can take the entries.
  const auto claims = spool_.accept_each(entry, destinations);
  if (!claims.ok()) return claims.status();
  return End::accepted;
}

Result<Receiver::End> Receiver::take_alert(std::string text) {
  const auto alert = read_alert(text);
  if (!alert.ok()) return alert.status();
  const auto end = store(std::move(text), *alert);
  note(end.status());
  if (!end.ok()) return end;
  ++(*end == End::accepted ? accepted_ : *end == End::filtered ? filtered_ : counted_);
  return end;
}

web::HttpAnswer Receiver::take(std::string_view body) {
  auto texts = read_body(body, formats_);
  std::vector<wazuh::Alert> alerts;
  for (std::size_t i = 0; texts.ok() && i < texts->size(); ++i) {
    auto alert = read_alert((*texts)[i]);
    if (alert.ok()) {
      alerts.push_back(std::move(*alert));
    } else {
      texts = alert.status();
    }
  }
  if (!texts.ok()) {
    ++bad_;
    return web::plain_answer(400, texts.status().line());
  }
  std::uint64_t accepted = 0, filtered = 0, counted = 0;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    const auto end = store(std::move((*texts)[i]), alerts[i]);
    note(end.status());
    if (!end.ok()) {
      ++failed_;
      return web::plain_answer(503, "not stored; send it again later");
    }
    ++(*end == End::accepted ? accepted : *end == End::filtered ? filtered : counted);
  }
  ++taken_;
  accepted_ += accepted;
  filtered_ += filtered;
  counted_ += counted;
  json::Writer w;
  w.begin_object();
  w.member("accepted", accepted);
  w.member("filtered", filtered + counted);
  w.end_object();
  return {202, "application/json", std::move(w).take() + "\n"};
}

// Logs each change, and a lasting failure once a minute: its text may contain the name of the
// alert's file.
void Receiver::note(const Status& stored) {
  if (stored.ok() && !failing_) return;
  const std::lock_guard lock(mutex_);
  const bool was_failing = failing_;
  const bool changed = stored.line() != storing_.line();
  storing_ = stored;
  failing_ = !stored.ok();
  const std::string text = "an alert was not stored: " + stored.line();
  if (stored.ok()) {
    if (was_failing) log_.say(relay::Level::info, "alerts are stored again");
  } else if (!was_failing) {
    log_.say(relay::Level::error, text);
  } else if (changed) {
    log_.note(relay::Level::error, "not_stored", text, steady_now_ms());
  }
}

ReceiveCounts Receiver::counts() const {
  return {taken_, bad_, failed_, accepted_, filtered_, counted_};
}

Status Receiver::storing() const {
  const std::lock_guard lock(mutex_);
  return storing_;
}

}  // namespace socbridge::receive
