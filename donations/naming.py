"""How a giver is called. One function for every surface, so that an anonymous one stays anonymous everywhere."""

from jinchuan.shared import masking
from organizations.enums import OrganizationKind

from .enums import DonorKind

KIND_WORDS = {
    DonorKind.ORGANIZATION: "社会组织",
    DonorKind.ENTERPRISE: "爱心企业",
    DonorKind.INDIVIDUAL: "爱心人士",
    DonorKind.ANONYMOUS: "匿名捐赠人",
}


def public_name(donor) -> str:
    """For print, disclosure and whoever did not log the gift: the name only where the giver agreed to it."""
    return donor.name if donor.agrees_to_be_named else KIND_WORDS[DonorKind(donor.kind)]


def working_name(donor) -> str:
    """For those who handle the gift: organisations by name, persons masked."""
    if donor.kind == DonorKind.ANONYMOUS:
        return KIND_WORDS[DonorKind.ANONYMOUS]
    return masking.mask_name(donor.name) if donor.is_person else donor.name


def donor_kind_of(organization_kind) -> str:
    """Which kind of giver an organisation of this kind is."""
    return (
        DonorKind.ENTERPRISE if organization_kind == OrganizationKind.ENTERPRISE else DonorKind.ORGANIZATION
    )
