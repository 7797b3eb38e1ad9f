package dev.spate.core.dht;

import dev.spate.wire.dht.NodeInfo;
import java.util.List;

/**
 * How a search went.
 *
 * @param queries how many nodes were asked
 * @param answers how many have answered before the search was over
 * @param hops how many nodes in a row told of the next until the nearest one was known
 * @param closest the nearest nodes that answered, the nearest one first, at most eight a family
 */
public record LookupReport(int queries, int answers, int hops, List<NodeInfo> closest) {}
