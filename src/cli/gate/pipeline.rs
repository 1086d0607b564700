//! How a variable comes to the place where the gate runs: a shell, or the pipeline that this is.

use crate::source;

/// A pipeline: a variable that it always sets, and how a secret is passed to a step there. `NAME` is the secret's.
const PIPELINES: [(&str, &str); 6] = [
    (
        "GITHUB_ACTIONS",
        "pass the secret to the job or step, `env: { NAME: ${{ secrets.NAME }} }`; a pull request from a fork gets no secrets",
    ),
    (
        "GITLAB_CI",
        "add NAME under Settings > CI/CD > Variables; a protected variable reaches protected branches and tags only",
    ),
    (
        "TF_BUILD",
        "map the secret in the step, `env: { NAME: $(NAME) }`; Azure Pipelines passes no secret variable by itself",
    ),
    (
        "CIRCLECI",
        "add NAME to the environment variables of the project, or to a context that the job uses",
    ),
    (
        "JENKINS_URL",
        "bind the secret in the stage, `environment { NAME = credentials('...') }`",
    ),
    (
        "BITBUCKET_BUILD_NUMBER",
        "add NAME under Repository settings > Repository variables",
    ),
];

/// How to set a variable, here.
pub(super) fn how(name: &str) -> String {
    let set = |variable: &str| source::variable(variable).is_some_and(|value| !value.is_empty());
    let here = PIPELINES.iter().find(|(variable, _)| set(variable));
    match here {
        Some((_, how)) => how.replace("NAME", name),
        None => format!(
            "set it where the gate runs: `read -rs {name} && export {name}` in a shell; in a pipeline pass the secret to the step, as in GitHub Actions `env: {{ {name}: ${{{{ secrets.{name} }}}} }}`"
        ),
    }
}
