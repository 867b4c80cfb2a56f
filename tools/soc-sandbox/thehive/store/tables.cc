// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/store/tables.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/store/serialization.h"

namespace socbridge::sandbox {
namespace {

constexpr Id kIdStep = 8;

template <typename T>
const T* find(const std::map<Id, T>& table, Id id) {
  const auto it = table.find(id);
  return it == table.end() ? nullptr : &it->second;
}

std::string key_of(std::string_view type, std::string_view source, std::string_view ref) {
  std::string key;
  key.reserve(type.size() + source.size() + ref.size() + 2);
  key.append(type).append(1, '\0').append(source).append(1, '\0').append(ref);
  return key;
}

std::string key_of(const Alert& alert) {
  return key_of(alert.type, alert.source, alert.source_ref);
}

}  // namespace

Tables::Tables() {
  for (const std::string_view name : kBuiltInTypes) {
    put(ObservableType{0, std::string(name), name == "file", false});
  }
}

const Alert* Tables::alert(Id id) const { return find(alerts_, id); }
const Case* Tables::find_case(Id id) const { return find(cases_, id); }
const Observable* Tables::observable(Id id) const { return find(observables_, id); }
const Procedure* Tables::procedure(Id id) const { return find(procedures_, id); }
const Comment* Tables::comment(Id id) const { return find(comments_, id); }
const CasePage* Tables::page(Id id) const { return find(pages_, id); }
const Job* Tables::job(Id id) const { return find(jobs_, id); }

std::vector<Id> Tables::jobs_of(Id observable) const {
  const auto found = jobs_of_.find(observable);
  return found == jobs_of_.end() ? std::vector<Id>() : found->second;
}

const Alert* Tables::alert_by(std::string_view name) const {
  if (const Id id = parse_id(name); id != 0) return alert(id);
  const auto parts = split(name, ';');
  if (parts.size() != 3) return nullptr;
  return alert(alert_with_key(parts[0], parts[1], parts[2]));
}

const Case* Tables::case_by(std::string_view name) const {
  if (const Id id = parse_id(name); id != 0) return find_case(id);
  const auto number = parse_u64(name);
  if (!number) return nullptr;
  for (const auto& [id, item] : cases_) {
    if (static_cast<std::uint64_t>(item.number) == *number) return &item;
  }
  return nullptr;
}

Id Tables::alert_with_key(std::string_view type, std::string_view source,
                          std::string_view ref) const {
  const auto it = alert_keys_.find(key_of(type, source, ref));
  return it == alert_keys_.end() ? 0 : it->second;
}

bool Tables::has_observable(const Parent& parent, const Observable& like) const {
  const Children* owner = children(parent);
  if (owner == nullptr) return false;
  return std::any_of(owner->observables.begin(), owner->observables.end(), [&](Id id) {
    const Observable& have = *observable(id);
    return have.data_type == like.data_type && have.data == like.data &&
           have.attachment.id == like.attachment.id;
  });
}

const Children* Tables::children(const Parent& parent) const {
  if (const Alert* owner = alert(parent.alert)) return &owner->children;
  if (const Case* owner = find_case(parent.case_id)) return &owner->children;
  return nullptr;
}

Children* Tables::children(const Parent& parent) {
  return const_cast<Children*>(static_cast<const Tables*>(this)->children(parent));
}

Id Tables::take(Id id) {
  if (id == 0) return last_id_ += kIdStep;
  last_id_ = std::max(last_id_, id);
  return id;
}

Id Tables::put(Alert item) {
  const Id id = item.id = take(item.id);
  if (journaling) note("alert", to_record(item));
  Alert& slot = alerts_[id];
  if (slot.id != 0) alert_keys_.erase(key_of(slot));
  item.children = std::move(slot.children);
  slot = std::move(item);
  alert_keys_.emplace(key_of(slot), id);
  return id;
}

Id Tables::put(Case item) {
  const Id id = item.id = take(item.id);
  if (journaling) note("case", to_record(item));
  Case& slot = cases_[id];
  item.children = std::move(slot.children);
  slot = std::move(item);
  return id;
}

template <typename T>
Id Tables::put_child(std::map<Id, T>& table, T item, std::vector<Id> Children::*list) {
  const Id id = item.id = take(item.id);
  const bool is_new = table.count(id) == 0;
  if (Children* owner = children(item.parent); owner != nullptr && is_new) {
    (owner->*list).push_back(id);
  }
  table[id] = std::move(item);
  return id;
}

Id Tables::put(Observable item) {
  item.id = take(item.id);
  if (journaling) note("observable", to_record(item));
  return put_child(observables_, std::move(item), &Children::observables);
}

Id Tables::put(Procedure item) {
  item.id = take(item.id);
  if (journaling) note("procedure", to_record(item));
  return put_child(procedures_, std::move(item), &Children::procedures);
}

Id Tables::put(Comment item) {
  item.id = take(item.id);
  if (journaling) note("comment", to_record(item));
  return put_child(comments_, std::move(item), &Children::comments);
}

Id Tables::put(CasePage item) {
  item.id = take(item.id);
  if (journaling) note("page", to_record(item));
  return put_child(pages_, std::move(item), &Children::pages);
}

Id Tables::put(Job item) {
  const Id id = item.id = take(item.id);
  if (journaling) note("job", to_record(item));
  if (jobs_.count(id) == 0) jobs_of_[item.observable].push_back(id);
  if (item.status == "InProgress") {
    running_jobs_.insert(id);
  } else {
    running_jobs_.erase(id);
  }
  jobs_[id] = std::move(item);
  return id;
}

void Tables::put(ObservableType type) {
  type.id = take(type.id);
  if (journaling) note("observableType", to_record(type));
  types_[type.name] = std::move(type);
}

void Tables::put(CustomField field) {
  field.id = take(field.id);
  if (journaling) note("customField", to_record(field));
  custom_fields_[field.name] = std::move(field);
}

void Tables::put_case_template(const std::string& name) {
  if (journaling) note("caseTemplate", json::quote(name));
  case_templates_.insert(name);
}

template <typename T>
void Tables::remove_child(std::map<Id, T>& table, Id id, std::vector<Id> Children::*list) {
  const auto it = table.find(id);
  if (it == table.end()) return;
  if (Children* owner = children(it->second.parent)) std::erase(owner->*list, id);
  table.erase(it);
}

void Tables::remove_alert(Id id) {
  const Alert* found = alert(id);
  if (found == nullptr) return;
  for (const Id child : found->children.observables) observables_.erase(child);
  for (const Id child : found->children.procedures) procedures_.erase(child);
  for (const Id child : found->children.comments) comments_.erase(child);
  if (const auto owner = cases_.find(found->case_id); owner != cases_.end()) {
    std::erase(owner->second.alerts, id);
  }
  if (alert_with_key(found->type, found->source, found->source_ref) == id) {
    alert_keys_.erase(key_of(*found));
  }
  alerts_.erase(id);
  note_removal(id);
}

void Tables::remove_observable(Id id) {
  remove_child(observables_, id, &Children::observables);
  note_removal(id);
}

void Tables::remove_comment(Id id) {
  remove_child(comments_, id, &Children::comments);
  note_removal(id);
}

void Tables::remove_procedure(Id id) {
  remove_child(procedures_, id, &Children::procedures);
  note_removal(id);
}

void Tables::remove_page(Id id) {
  remove_child(pages_, id, &Children::pages);
  note_removal(id);
}

std::int64_t Tables::next_case_number() const {
  return cases_.empty() ? 1 : cases_.rbegin()->second.number + 1;
}

void Tables::note(std::string_view kind, const std::string& value) {
  if (!journaling) return;
  journal.append("{\"").append(kind).append("\":").append(value).append("}\n");
}

void Tables::note_removal(Id id) { note("removed", std::to_string(id)); }

namespace {

template <typename T>
bool replay_one(Tables& tables, const json::Value& value) {
  T item;
  from_record(value, item);
  if constexpr (requires { item.id; }) {
    if (item.id == 0) return false;
  }
  tables.put(std::move(item));
  return true;
}

}  // namespace

bool Tables::replay(const json::Value& line) {
  if (!line.is_object() || line.size() != 1) return false;
  const std::string_view kind = line.key_at(0);
  const json::Value value = line.value_at(0);
  if (kind == "alert") return replay_one<Alert>(*this, value);
  if (kind == "case") return replay_one<Case>(*this, value);
  if (kind == "observable") return replay_one<Observable>(*this, value);
  if (kind == "procedure") return replay_one<Procedure>(*this, value);
  if (kind == "comment") return replay_one<Comment>(*this, value);
  if (kind == "page") return replay_one<CasePage>(*this, value);
  if (kind == "job") return replay_one<Job>(*this, value);
  if (kind == "observableType") return replay_one<ObservableType>(*this, value);
  if (kind == "customField") return replay_one<CustomField>(*this, value);
  if (kind == "caseTemplate") {
    put_case_template(value.string_text());
    return true;
  }
  if (kind != "removed") return false;
  const Id id = static_cast<Id>(value.integer().value_or(0));
  remove_alert(id);
  remove_observable(id);
  remove_comment(id);
  remove_procedure(id);
  remove_page(id);
  return true;
}

}  // namespace socbridge::sandbox
