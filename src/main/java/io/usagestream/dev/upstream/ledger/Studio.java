package io.usagestream.dev.upstream.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One account's Scenario organization: its teams, projects, users and models, and the words that upstream uses. */
public final class Studio {
    /** One kind of deed. */
    record Deed(String action, boolean paid, Optional<String> assetKind, boolean usesModel) {}

    /** Of the documented actions, the ones that are also names in {@code usages}. */
    public static final List<String> USAGE_NAMES = List.of(
            "background-removal",
            "captioning",
            "creative-unit-cost",
            "creative-unit-discount",
            "custom",
            "custom-asset-created",
            "detection",
            "image-prompt-editing",
            "images-generation",
            "ip-detection",
            "models-training",
            "patch",
            "pixelate",
            "refunds",
            "repaint",
            "restyle",
            "segmentation",
            "skybox-base-360",
            "skybox-upscale-360",
            "texture",
            "upscale",
            "vectorization");

    public static final List<String> ASSET_KINDS =
            List.of("3d", "audio", "document", "image", "image-hdr", "json", "text", "video");

    public static final List<String> NSFW_LABELS = List.of("explicit-nudity", "suggestive", "violence");

    static final List<Deed> DEEDS = List.of(
            new Deed("images-generation", true, Optional.of("image"), true),
            new Deed("txt2img", true, Optional.of("image"), true),
            new Deed("asset", false, Optional.of("image"), false),
            new Deed("img2img", true, Optional.of("image"), true),
            new Deed("upscale", true, Optional.of("image"), true),
            new Deed("tag-asset", false, Optional.empty(), false),
            new Deed("background-removal", true, Optional.of("image"), true),
            new Deed("custom", true, Optional.of("video"), true),
            new Deed("download-assets", false, Optional.empty(), false),
            new Deed("refunds", true, Optional.empty(), false),
            new Deed("skybox-base-360", true, Optional.of("image-hdr"), true),
            new Deed("captioning", true, Optional.of("text"), true),
            new Deed("update-asset", false, Optional.empty(), false),
            new Deed("collection-assets", false, Optional.empty(), false),
            new Deed("custom-asset-created", true, Optional.of("3d"), true),
            new Deed("texture", true, Optional.of("image"), true),
            new Deed("models-training", true, Optional.empty(), true),
            new Deed("delete-asset", false, Optional.empty(), false));

    private final List<String> teams;
    private final List<String> projects;
    private final List<String> users;
    private final List<String> models;
    private final Map<String, String> teamOfProject;

    Studio(long seed, int account) {
        Dice dice = new Dice(Dice.seed(seed, account, "studio".hashCode()));
        teams = names(dice, "team_", 2);
        projects = names(dice, "proj_", dice.between(2, 4));
        users = names(dice, "user_", dice.between(3, 6));
        models = new ArrayList<>(names(dice, "model_", dice.between(4, 7)));
        models.add("flux.1-pro");
        models.add("gpt-image-1");
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < projects.size(); i++) {
            owners.put(projects.get(i), teams.get(i % teams.size()));
        }
        teamOfProject = Map.copyOf(owners);
    }

    public List<String> teams() {
        return teams;
    }

    public List<String> projects() {
        return projects;
    }

    public List<String> users() {
        return users;
    }

    public List<String> models() {
        return models;
    }

    public boolean owns(String team, String project) {
        return team.equals(teamOfProject.get(project));
    }

    private static List<String> names(Dice dice, String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + dice.text(22));
        }
        return names;
    }
}
