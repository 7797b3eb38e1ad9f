/**
 * The descriptor network: a network without trackers, in which a node starts from a descriptor file, asks its neighbours who has the
 * file, joins those, and transfers it with them.
 *
 * <p>{@link dev.spate.classic.descriptor.Descriptor} is the file, {@link dev.spate.classic.descriptor.DescriptorNetwork} a running node.
 * Behind them: {@code Datagrams} turns datagrams of 1,080 bytes into values, {@code DescriptorNode} decides, without sockets or clock.
 */
package dev.spate.classic.descriptor;
