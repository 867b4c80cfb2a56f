// SPDX-License-Identifier: Apache-2.0
#include "provisioning/provisioner.h"

#include "base/text.h"

namespace socbridge::provisioning {
namespace {

Item named(const char* kind, std::string uid, std::string name) {
  Item item;
  item.kind = kind;
  item.uid = std::move(uid);
  item.name = std::move(name);
  return item;
}

void finish(Item& item, Status status) {
  if (status.ok()) return;
  item.state = State::failed;
  item.action = Action::none;
  item.status = std::move(status);
}

}  // namespace

const char* state_name(State state) {
  switch (state) {
    case State::current: return "current";
    case State::missing: return "missing";
    case State::outdated: return "outdated";
    case State::edited: return "edited";
    case State::provisioned: return "provisioned";
    case State::failed: return "failed";
  }
  return "";
}

const char* action_name(Action action) {
  switch (action) {
    case Action::none: return "none";
    case Action::create: return "create";
    case Action::update: return "update";
    case Action::keep: return "keep";
  }
  return "";
}

bool Provisioner::is_to_be_written(Item& item) const {
  switch (item.state) {
    case State::missing: item.action = Action::create; break;
    case State::outdated: item.action = Action::update; break;
    case State::edited:
      item.action = options_.edited == EditedItems::overwrite ? Action::update : Action::keep;
      break;
    default: item.action = Action::none;
  }
  const bool changes = item.action == Action::create || item.action == Action::update;
  return changes && options_.mode == Mode::apply;
}

Status Provisioner::settle_folder(Item& item) {
  const auto there = editor_.folder(item.uid);
  if (!there.ok()) return there.status();
  if (!there->has_value()) {
    item.state = State::missing;
    return is_to_be_written(item) ? editor_.create_folder(item.uid, item.name) : Status();
  }
  const json::Value folder = (**there).root();
  const std::string title = folder["title"].text();
  if (title == item.name) return {};
  item.state = State::edited;
  item.detail = "its title is \"" + printable(title, 80) + "\"";
  item.differences.push_back({"/title", printable(title, 80), printable(item.name, 80)});
  if (!is_to_be_written(item)) return {};
  return editor_.rename_folder(item.uid, item.name, folder["version"].integer().value_or(0));
}

Result<std::vector<Item>> Provisioner::run() {
  if (Status bad = editor_.check_token(); !bad.ok()) return bad;
  std::vector<Item> items;
  items.push_back(named("folder", manifest_.folder_uid, manifest_.folder_title));
  finish(items.back(), settle_folder(items.back()));
  for (const DataSourceEntry& entry : manifest_.data_sources) {
    items.push_back(named("data source", entry.uid, entry.name));
    Item& item = items.back();
    finish(item, settle_source(entry, item));
    sources_.push_back({item.uid, entry.name, entry.type});
  }
  for (const DashboardEntry& entry : manifest_.dashboards) {
    std::string name = entry.number > 0 ? "grafana.com " + std::to_string(entry.number)
                                        : entry.file.substr(entry.file.rfind('/') + 1);
    std::string uid = entry.uid;
    if (uid.empty() && entry.number > 0) uid = "gnet-" + std::to_string(entry.number);
    items.push_back(named("dashboard", std::move(uid), std::move(name)));
    finish(items.back(), settle_dashboard(entry, items.back()));
  }
  return items;
}

}  // namespace socbridge::provisioning
