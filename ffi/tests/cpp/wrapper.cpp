// What redpack.hpp adds to the C header, each tried at a sandbox. other.cpp is the second translation unit.
#include <redpack.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

using namespace redpack;
using namespace std::chrono_literals;

std::string_view version_seen_elsewhere();

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            std::exit(1); \
        } \
    } while (0)

static Config settings() {
    Config config(std::getenv("REDPACK_MCH_ID"), std::getenv("REDPACK_APPID"), std::getenv("REDPACK_API_KEY"));
    config.pkcs12_file(std::getenv("REDPACK_P12"))  // without a passphrase: the merchant's number
        .base_url(std::getenv("REDPACK_BASE_URL"))
        .roots_file(std::getenv("REDPACK_CA_FILE"))
        .connect_limit(5s)
        .attempt_limit(20s);
    return config;
}

static Request order(std::string_view number) {
    Request request = Request::send_red_pack(number, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100));
    request.send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("x");
    return request;
}

static void a_nul_inside_is_an_error_and_nothing_is_sent(const Client &client) {
    using namespace std::string_view_literals;
    auto sent = client.send(order("1900000109261124nulnulnulnu1").wishing("a\0b"sv).remark("y"));
    CHECK(!sent && sent.error().status() == REDPACK_STATUS_INVALID_ARGUMENT);
    CHECK(sent.error().outcome() == Outcome::not_sent && sent.error().advice() == Advice::fix_order);
    CHECK(sent.error().kind() == "invalid_argument" && !sent.error().message().empty());
    CHECK(!client.close("1900000109\0"sv) && !Journal::open("sqlite:\0"sv));
}

static void the_first_error_of_a_setter_is_the_one(const Client &client) {
    Config config = settings();
    config.failover(Failover(77)).base_url("not reached");
    auto none = Client::create(config);
    CHECK(!none && none.error().status() == REDPACK_STATUS_INVALID_ARGUMENT);
    CHECK(none.error().problem_count() == 1 && none.error().problem_field(0) == "failover");
    auto refused = client.send(Request("sendgroupredpack").text("remark", "x"));
    CHECK(!refused && refused.error().problem_field(0) == "endpoint");
    Error copy = refused.error();
    CHECK(copy.message().data() == refused.error().message().data());
}

// The callback outlives its Config, and what it throws stays in it.
static void callbacks_are_kept() {
    auto heard = std::make_shared<int>(0);
    auto client = [&] {
        Config config = settings();
        config.on_attempt([heard](const Event &event) {
            CHECK(event.outcome() == Outcome::sent && event.http_status() == 200 && event.elapsed().count() > 0);
            ++*heard;
            throw std::runtime_error("an observer's trouble");
        });
        return Client::create(config);
    }();
    CHECK(client && heard.use_count() == 2);
    CHECK(client->send(order("1900000109261124callback0001")));
    Client moved = std::move(*client);
    CHECK(moved.send(order("1900000109261124callback0002")) && *heard == 2);
    moved = *Client::create(settings());
    client = Client::create(settings());
    CHECK(heard.use_count() == 1);
}

static void absent_is_not_empty(const Client &client) {
    auto sent = client.send(order("1900000109261124absent000001"));
    CHECK(sent && sent->package().data() == nullptr && !sent->send_listid().empty());
    CHECK(std::strlen(sent->send_listid().data()) == sent->send_listid().size());
    CHECK(sent->answer()["result_code"] == "SUCCESS" && sent->answer()["no_such"].data() == nullptr);
    auto found = client.query(Request::query("1900000109261124absent000001"));
    CHECK(found && found->found() && found->status() == "SENT" && found->receiver_count() == 0);
    CHECK(found->outcome() == Outcome::sent && found->total_amount().value == 100);
}

static void journals_outlive_their_owner() {
    Config config = settings();
    auto journal = Journal::open(std::getenv("REDPACK_JOURNAL"));
    CHECK(journal);
    config.journal(*journal).caps(Fen(0), Fen(0), Fen(150));  // only what clients with caps pay is counted
    auto client = Client::create(config);
    CHECK(client);
    const char *merchant = std::getenv("REDPACK_MCH_ID");
    {
        Journal ended = std::move(*journal);
        CHECK(!*ended.order(merchant, "1900000109261124nosuchorder1"));
    }
    auto settled = client->settle(order("").intent("invoice 9"), 30s);
    CHECK(settled && settled->settled() && settled->outcome() == Outcome::sent);
    auto again = client->journal();
    CHECK(again);
    auto kept = again->order_of_intent(merchant, "invoice 9");
    CHECK(kept && *kept && kept->ref().mch_billno() == settled->order().mch_billno());
    CHECK(kept->ref().field("total_amount") == "100");
    auto spent = again->spent_today(merchant);
    CHECK(spent && spent->value == 100);
    CHECK(again->list(0, 10)->size() == 1 && again->list(0, 10, merchant, "closed")->size() == 0);
    CHECK(again->pause(merchant, 0ms, "a test") && *again->paused(merchant));
    CHECK(again->resume(merchant) && !*again->paused(merchant));
    CHECK(client->reconcile(10s) && client->recover(10s)->size() == 0);
    auto capped = client->settle(order("").intent("invoice 10"), 5s);
    CHECK(!capped || !capped->settled());
    CHECK(again->spent_today(merchant)->value == 100);
    auto closed = client->close(settled->order().mch_billno());
    CHECK(!closed || closed->outcome() == Outcome::sent);
}

static void protocol_functions() {
    Fields fields;
    fields.add("b", "2").add("a", "1").add("empty", "");
    auto signature = sign(fields, "192006250b4c09247ec02edce69f6a2d");
    CHECK(signature && signature->size() == 32);
    CHECK(*verify(fields, "192006250b4c09247ec02edce69f6a2d", *signature));
    CHECK(!*verify(fields, "another key", *signature));
    CHECK(sign(fields, "192006250b4c09247ec02edce69f6a2d", SignType::hmac_sha256)->size() == 64);
    CHECK(fen_from_yuan("1.23")->value == 123 && !fen_from_yuan("1.234") && *fen_to_yuan(Fen(5)) == "0.05");
    CHECK(new_mch_billno("1900000109")->size() == 28);
    CHECK(text(Advice::query_first) == "query_first" && text(Outcome(99)).data() == nullptr);
    CHECK(version() == REDPACK_VERSION && version_seen_elsewhere() == version());
}

int main() {
    auto client = Client::create(settings());
    CHECK(client);
    a_nul_inside_is_an_error_and_nothing_is_sent(*client);
    the_first_error_of_a_setter_is_the_one(*client);
    callbacks_are_kept();
    absent_is_not_empty(*client);
    journals_outlive_their_owner();
    protocol_functions();
    std::puts("the wrapper holds");
}
