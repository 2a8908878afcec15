"""The pages of people and organizations, by what somebody comes for."""

from tcma.accounts.portal import brand, partners, people, signing_in, tokens

blueprints = (signing_in.bp, partners.bp, people.bp, brand.bp, tokens.bp)
