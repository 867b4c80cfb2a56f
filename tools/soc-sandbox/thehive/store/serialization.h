// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "json/value.h"
#include "soc-sandbox/thehive/store/model.h"

namespace socbridge::sandbox {

// Conversion to and from the value of one line in the state file. Lists of children are not
// included.
std::string to_record(const Alert& alert);
std::string to_record(const Case& item);
std::string to_record(const Observable& observable);
std::string to_record(const Procedure& procedure);
std::string to_record(const Comment& comment);
std::string to_record(const CasePage& page);
std::string to_record(const Job& job);
std::string to_record(const ObservableType& type);
std::string to_record(const CustomField& field);

void from_record(const json::Value& v, Alert& out);
void from_record(const json::Value& v, Case& out);
void from_record(const json::Value& v, Observable& out);
void from_record(const json::Value& v, Procedure& out);
void from_record(const json::Value& v, Comment& out);
void from_record(const json::Value& v, CasePage& out);
void from_record(const json::Value& v, Job& out);
void from_record(const json::Value& v, ObservableType& out);
void from_record(const json::Value& v, CustomField& out);

}  // namespace socbridge::sandbox
