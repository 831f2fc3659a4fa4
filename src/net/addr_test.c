/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <setjmp.h>
#include <netinet/in.h>
#include <cmocka.h>

#include "net/addr.h"

static struct addr
ip(const char *text)
{
	struct addr a;

	if (!addr_parse_ip(str_c(text), &a))
		fail_msg("%s is not read as an address", text);
	return a;
}

static struct addr_net
net(const char *text)
{
	struct addr_net n;

	if (!addr_net_parse(str_c(text), &n))
		fail_msg("%s is not read as a network", text);
	return n;
}

static void
only_plain_addresses_are_read(void **state)
{
	static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "0x7f.0.0.1",
		" 1.2.3.4", "1.2.3.4 ", "[::1]", "::1%lo", ":::", "1.2.3.4:5", "::g", "example.com",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee:ffff:0000"};
	struct addr a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (addr_parse_ip(str_c(bad[i]), &a))
			fail_msg("\"%s\" was read", bad[i]);
	}
	assert_false(addr_parse_ip((struct str){"1.2.3.4\0", 8}, &a));
	assert_int_equal(ip("192.0.2.1").family, AF_INET);
	assert_int_equal(ip("2001:DB8::1").family, AF_INET6);
}

static void
an_address_with_port_is_read_and_written_back(void **state)
{
	static const char *const good[] = {"192.0.2.1:53", "[2001:db8::1]:65535", "[::1]:0"};
	static const char *const bad[] = {"192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:053", "::1:53",
		"[::1]", "[::1]53", "[::1:53", "[192.0.2.1]:53", "[]:53", ":53", "192.0.2.1:+5"};
	ARENA(a);
	struct addr ad;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(addr_parse(str_c(good[i]), &ad));
		assert_string_equal(addr_text(&a, &ad, true).p, good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (addr_parse(str_c(bad[i]), &ad))
			fail_msg("\"%s\" was read", bad[i]);
	}
}

static void
a_network_with_bits_behind_its_prefix_is_refused(void **state)
{
	static const char *const bad[] = {"10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "::/129", "::1/64",
		"10.0.0.0/08", "/8", "10/8"};
	struct addr_net n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (addr_net_parse(str_c(bad[i]), &n))
			fail_msg("\"%s\" was read", bad[i]);
	}
	net("0.0.0.0/0");
	net("192.0.2.1/32");
	net("fd00::/8");
}

static void
an_address_is_in_a_network_by_its_prefix_alone(void **state)
{
	static const struct {
		const char *net, *ip;
		bool in;
	} table[] = {
		{"10.0.0.0/8", "10.255.255.255", true},
		{"10.0.0.0/8", "11.0.0.0", false},
		{"192.168.4.0/22", "192.168.7.255", true},
		{"192.168.4.0/22", "192.168.8.0", false},
		{"192.0.2.1/32", "192.0.2.1", true},
		{"192.0.2.1/32", "192.0.2.0", false},
		{"0.0.0.0/0", "255.255.255.255", true},
		{"0.0.0.0/0", "::1", false},
		{"::/0", "::1", true},
		{"2001:db8:8000::/33", "2001:db8:ffff::1", true},
		{"2001:db8:8000::/33", "2001:db8:7fff::1", false},
		{"10.0.0.0/8", "::ffff:10.1.2.3", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct addr a = ip(table[i].ip);
		struct addr_net n = net(table[i].net);

		if (addr_in(&a, &n) != table[i].in)
			fail_msg("%s in %s", table[i].ip, table[i].net);
	}
}

static void
what_the_public_cannot_reach_is_special(void **state)
{
	static const char *const special[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
		"192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1",
		"64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1",
		"3fff::1", "3ffe::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
		"4000::1"};
	static const char *const plain[] = {"1.1.1.1", "8.8.8.8", "11.0.0.0", "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255", "2600::1", "2a00:1450:4001::1",
		"2001:200::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(special); i++) {
		struct addr a = ip(special[i]);

		if (!addr_special(&a))
			fail_msg("%s passes as public", special[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		struct addr a = ip(plain[i]);

		if (addr_special(&a))
			fail_msg("%s passes as special", plain[i]);
	}
}

static void
a_socket_address_keeps_address_and_port(void **state)
{
	static const char *const both[] = {"192.0.2.1:53", "[2001:db8::1]:443"};
	struct sockaddr_storage ss;
	struct addr a, b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		assert_true(addr_parse(str_c(both[i]), &a));
		assert_int_equal(addr_sockaddr(&a, &ss),
			a.family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
		assert_true(addr_of_sockaddr((const struct sockaddr *)&ss, &b));
		assert_true(addr_equal_ip(&a, &b));
		assert_int_equal(a.port, b.port);
	}
	ss.ss_family = AF_UNIX;
	assert_false(addr_of_sockaddr((const struct sockaddr *)&ss, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_plain_addresses_are_read),
		cmocka_unit_test(an_address_with_port_is_read_and_written_back),
		cmocka_unit_test(a_network_with_bits_behind_its_prefix_is_refused),
		cmocka_unit_test(an_address_is_in_a_network_by_its_prefix_alone),
		cmocka_unit_test(what_the_public_cannot_reach_is_special),
		cmocka_unit_test(a_socket_address_keeps_address_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
