package io.usagestream.container;

import com.github.dockerjava.api.DockerClient;
import org.testcontainers.containers.Network;

/** A bridge of its own. What listens on its gateway on this machine is heard by its containers. */
record ContainerNetwork(Network network, String gateway) implements AutoCloseable {
    static ContainerNetwork open(DockerClient docker) {
        Network network = Network.newNetwork();
        return new ContainerNetwork(
                network,
                docker.inspectNetworkCmd()
                        .withNetworkId(network.getId())
                        .exec()
                        .getIpam()
                        .getConfig()
                        .get(0)
                        .getGateway());
    }

    String id() {
        return network.getId();
    }

    @Override
    public void close() {
        network.close();
    }
}
